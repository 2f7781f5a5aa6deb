/** How fast a front is asked: in small numbers, and more slowly when it refuses some. */
import { expect, test } from '@jest/globals';
import type { LabHost } from '../../helpers/machine/lab-host/lab-host.ts';
import { Pace } from '../../helpers/survey/pace.ts';
import { sample, samples, samplesAtOnce, type Entrance } from '../../helpers/survey/requests.ts';

const GAPS_MS = [0, 20, 40];
const answer = (status: number) => ({ outcome: 'answered', status, body: 'hello', ms: 1 }) as const;

/** A server by its answers, and what it has been asked. */
function server(answers: (nth: number) => number): { host: LabHost; asked: () => number; most: () => number } {
  let [nth, now, most] = [0, 0, 0];
  const ask = async (): Promise<unknown> => {
    const status = answers(nth++);
    most = Math.max(most, ++now);
    await new Promise(setImmediate);
    now--;
    return answer(status);
  };
  return { host: { ask } as unknown as LabHost, asked: () => nth, most: () => most };
}

function entrance(pace: Pace): Entrance {
  return { front: 'front', path: '/', port: { address: '192.0.2.1', port: 80 }, pace } as unknown as Entrance;
}

/** Refuses whatever comes earlier than so many milliseconds after what it answered last. */
function limited(ms: number): () => number {
  let last = -Infinity;
  return () => {
    if (performance.now() - last < ms) return 503;
    last = performance.now();
    return 200;
  };
}

test('as fast as it answers while nothing is refused, but a few at a time', async () => {
  const { host, asked, most } = server(() => 200);
  const pace = new Pace(true, GAPS_MS);
  expect(await samples(host, entrance(pace), 6)).toHaveLength(6);
  expect({ asked: asked(), most: most(), isSlow: pace.isSlow }).toEqual({ asked: 6, most: 2, isSlow: false });
});

test('more slowly where requests are limited, and what was refused is asked again', async () => {
  const { host } = server(limited(5));
  const pace = new Pace(true, GAPS_MS);
  const taken = await samples(host, entrance(pace), 6);
  expect(taken.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
  expect(pace.isSlow).toBe(true);
});

test('slowly from then on: also while something is taken away, and at another entrance of the front', async () => {
  const { host } = server(limited(5));
  const pace = new Pace(true, GAPS_MS);
  await samples(host, entrance(pace), 2);
  const away = await samplesAtOnce(host, entrance(pace), 6, 1000);
  expect(away.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200]);
});

test('a refusal while something is taken away is an answer', async () => {
  const { host, asked } = server(() => 503);
  const pace = new Pace(true, GAPS_MS);
  expect((await samplesAtOnce(host, entrance(pace), 6, 1000)).every(({ status }) => status === 503)).toBe(true);
  expect(await sample(host, entrance(pace))).toMatchObject({ status: 503 });
  expect({ asked: asked(), isSlow: pace.isSlow }).toEqual({ asked: 7, isSlow: false });
});

test('what is refused at every pace is an answer', async () => {
  const { host, asked } = server(() => 429);
  expect(await samples(host, entrance(new Pace(true, GAPS_MS)), 1)).toMatchObject([{ status: 429 }]);
  expect(asked()).toBe(GAPS_MS.length);
});

test('a front that never answered otherwise is not asked so often', async () => {
  const { host, asked } = server(() => 503);
  await samples(host, entrance(new Pace(false, [...GAPS_MS, 60, 80])), 1);
  expect(asked()).toBe(3);
});

test('other errors are no refusals', async () => {
  const { host, asked } = server(() => 502);
  expect(await samples(host, entrance(new Pace(true, GAPS_MS)), 1)).toMatchObject([{ status: 502 }]);
  expect(asked()).toBe(1);
});
