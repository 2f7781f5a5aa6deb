/** What self-test does when its engine is gone. */
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { until } from '../../helpers/base/wait.ts';
import type { Judge } from '../../helpers/judge/judge.ts';
import type { LabHost } from '../../helpers/machine/lab-host/lab-host.ts';
import type { LabHostSupply } from '../../helpers/machine/lab-host/supply.ts';
import type { WatchState } from '../../helpers/run/watch/state.ts';
import { watch, type Engine } from '../../helpers/run/watch/watch.ts';

const LONG = 60_000;
const GIVE_UP = 40;

function never<T>(): Promise<T> {
  return new Promise(() => undefined);
}

/** Watches an engine that is there at first, where no lab is found. @param again What happens when it is looked for again. */
function watchedEngine(again: () => Promise<LabHost>): {
  watching: Promise<void>;
  shown: WatchState[];
  cut: () => Promise<void>;
} {
  const stream = new PassThrough();
  const host = {
    docker: { getEvents: () => Promise.resolve(stream) },
    engine: { version: '28.5' },
  } as unknown as LabHost;
  let times = 0;
  const hosts = {
    take: () => (++times === 1 ? Promise.resolve(host) : again()),
    release: () => undefined,
  } as unknown as LabHostSupply;
  const shown: WatchState[] = [];
  const watching = watch({
    ...{ hosts, judge: undefined as unknown as Judge, where: 'this machine', giveUpMs: GIVE_UP },
    watched: async ({ events, tell }: Engine) => {
      tell('waiting');
      for (;;) if ((await events.next()) === undefined) throw new Error('cut off');
    },
    show: (state) => shown.push(state),
    leaving: new AbortController().signal,
  });
  watching.catch(() => undefined); // it is looked at later
  const cut = async (): Promise<void> => {
    stream.destroy();
    await once(stream, 'close');
  };
  return { watching, shown, cut };
}

test.each([
  ['refuses', () => Promise.reject(new Error('refused')), /refused/],
  ['never answers', () => never<LabHost>(), /does not answer/],
])(
  'an engine that %s is tried again for a while after it was lost, and then it says what to do',
  async (_, again, why) => {
    const { watching, shown, cut } = watchedEngine(again);
    const began = performance.now();
    // It has been watched for longer than an engine may be away.
    await until(LONG, () =>
      Promise.resolve(performance.now() - began > 2 * GIVE_UP && shown.length > 1 ? true : undefined),
    );
    await cut();
    await expect(watching).rejects.toThrow(why);
    await expect(watching).rejects.toThrow(/start self-test again/);
    expect(shown.some(({ trouble = '' }) => trouble.endsWith('; trying again'))).toBe(true);
  },
);
