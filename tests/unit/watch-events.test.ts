/** Events that come together are judged together. */
import { setImmediate as immediately } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { bursts } from '../../helpers/run/watch/events.ts';

const HARDLY = 5;
const LONG = 60_000;

async function gathered(source: AsyncIterable<string>, limits: { quietMs: number; longestMs: number }, most = 10) {
  const all: string[][] = [];
  for await (const burst of bursts(source, limits)) if (all.push([...burst]) >= most) break;
  return all;
}

/** Gives ids; `null` waits until what came before was taken as a burst. */
async function* given(ids: (string | null)[], taken: Promise<void>[]): AsyncGenerator<string> {
  for (const id of ids) {
    if (id === null) await taken.shift();
    else yield id;
  }
}

test('what comes in quick succession is one burst, the same id once', async () => {
  expect(await gathered(given(['a', 'b', 'a'], []), { quietMs: LONG, longestMs: LONG })).toEqual([['a', 'b']]);
});

test('a silence ends a burst', async () => {
  let takeFirst = (): void => undefined;
  const first = new Promise<void>((resolve) => (takeFirst = resolve));
  const source = bursts(given(['a', null, 'b'], [first]), { quietMs: HARDLY, longestMs: LONG });
  const one = await source.next();
  takeFirst();
  expect([one.value, (await source.next()).value, (await source.next()).done]).toEqual([
    new Set(['a']),
    new Set(['b']),
    true,
  ]);
});

test('events without any pause are not waited for for ever', async () => {
  const endless = (async function* (): AsyncGenerator<string> {
    for (;;) yield await immediately('a');
  })();
  expect(await gathered(endless, { quietMs: LONG, longestMs: HARDLY }, 2)).toEqual([['a'], ['a']]);
});
