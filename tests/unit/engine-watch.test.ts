import { expect, test } from '@jest/globals';
import { EngineWatch } from '../../helpers/machine/lab-host/engine-watch.ts';
import type { LabHostSupply } from '../../helpers/machine/lab-host/supply.ts';
import { WatchedHosts } from '../../helpers/machine/lab-host/watched-hosts.ts';

const SOON = { everyMs: 1, answerMs: 5, misses: 3 };

function never<T>(): Promise<T> {
  return new Promise(() => undefined);
}

/** Answers until it has been asked so often, and then does what it is given. */
function pings(answers: number, then: () => Promise<unknown>): { ping: () => Promise<unknown>; asked: () => number } {
  let asked = 0;
  return { ping: () => (++asked > answers ? then() : Promise.resolve()), asked: () => asked };
}

test.each([
  ['refuses', () => Promise.reject(new Error('refused')), /refused/],
  ['hangs', () => never(), /no answer in 0.005 s/],
])('an engine that %s is gone after three questions in a row', async (_, then, why) => {
  const { ping, asked } = pings(4, then);
  using watch = new EngineWatch(ping, SOON);
  expect(await watch.gone).toMatch(why);
  expect(asked()).toBe(7);
});

test('one that misses a question now and then is not', async () => {
  let asked = 0;
  let enough: () => void = () => undefined;
  const often = new Promise<'asked'>((resolve) => {
    enough = () => {
      resolve('asked');
    };
  });
  const ping = (): Promise<unknown> => {
    if (++asked === 20) enough();
    return asked % 3 === 0 ? Promise.resolve() : Promise.reject(new Error('busy'));
  };
  using watch = new EngineWatch(ping, SOON);
  expect(await Promise.race([watch.gone, often])).toBe('asked');
});

test('nobody waits for lab hosts on an engine that is gone, nor for their removal', async () => {
  const stuck: LabHostSupply = {
    kind: 'disposable',
    tries: 1,
    removals: [],
    take: () => never(),
    release: () => undefined,
    [Symbol.asyncDispose]: () => never(),
  };
  const said: string[] = [];
  const watch = new EngineWatch(() => Promise.reject(new Error('refused')), SOON);
  const hosts = new WatchedHosts(stuck, watch, (text) => said.push(text));
  await expect(hosts.take(false)).rejects.toThrow(/does not answer any more \(refused\)/);
  await expect(hosts.orGone(never())).rejects.toThrow(/does not answer any more/);
  await hosts[Symbol.asyncDispose]();
  expect(said).toEqual([expect.stringMatching(/the next run removes what this one has left/)]);
});
