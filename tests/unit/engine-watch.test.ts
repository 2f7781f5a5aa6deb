import { expect, test } from '@jest/globals';
import { EngineWatch } from '../../helpers/machine/lab-host/engine-watch.ts';
import type { LabHost } from '../../helpers/machine/lab-host/lab-host.ts';
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

/** Takes fail while the engine is away. */
function hostsOn(isThere: () => boolean, error = 'connect ENOENT'): LabHostSupply {
  return {
    kind: 'disposable',
    tries: 1,
    removals: [],
    take: () => (isThere() ? Promise.resolve({} as LabHost) : Promise.reject(new Error(error))),
    release: () => undefined,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

test('while an engine is started anew, a lab host is waited for', async () => {
  let asked = 0;
  const isThere = (): boolean => asked > 2;
  const ping = (): Promise<unknown> => (++asked > 2 ? Promise.resolve() : Promise.reject(new Error('refused')));
  using watch = new EngineWatch(ping, { ...SOON, misses: 100 });
  const hosts = new WatchedHosts(hostsOn(isThere), watch, () => undefined);
  expect([await hosts.take(false), await hosts.gone()]).toEqual([{}, undefined]);
});

test('what fails on an engine that answers fails with its own reason', async () => {
  using watch = new EngineWatch(() => Promise.resolve(), SOON);
  const hosts = new WatchedHosts(
    hostsOn(() => false, 'no such image'),
    watch,
    () => undefined,
  );
  await expect(hosts.take(false)).rejects.toThrow('no such image');
});

test('all that fails because an engine is gone fails with the same reason', async () => {
  const refused = Object.assign(new Error('connect ENOENT /a/path'), { code: 'ENOENT' });
  const watch = new EngineWatch(() => Promise.reject(refused), SOON);
  const hosts = new WatchedHosts(hostsOn(() => false), watch, () => undefined); // prettier-ignore
  const reason = 'the Docker Engine of this machine does not answer any more (its socket is gone)';
  await expect(hosts.take(false)).rejects.toThrow(reason);
  expect(await hosts.gone()).toBe(reason);
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
