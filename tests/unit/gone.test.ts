/** What is gone is a fact; everything else that goes wrong is an error. */
import { describe, expect, test } from '@jest/globals';
import { orGone, orNotNow } from '../../helpers/base/docker/gone.ts';
import type { LabHost } from '../../helpers/machine/lab-host/lab-host.ts';
import type { ContainerFacts } from '../../helpers/survey/facts.ts';
import { Stack } from '../../helpers/survey/restart.ts';
import { askIn } from '../../helpers/survey/sandboxes.ts';

/** As dockerode reports them; seen on Engine 20.10, 26.1 and 28.5. */
const GONE: [number, string][] = [
  [404, '(HTTP code 404) no such container - No such container: 1b2c'],
  [409, '(HTTP code 409) unexpected - can not get logs from container which is dead or marked for removal'],
  [409, '(HTTP code 409) unexpected - removal of container 1b2c is already in progress'],
  [
    500,
    '(HTTP code 500) server error - Cannot restart container 1b2c: container is marked for removal and cannot be started',
  ],
];
const NOT_NOW: [number, string][] = [
  [304, '(HTTP code 304) container already stopped - '],
  [409, '(HTTP code 409) unexpected - container 1b2c is not running'],
  [409, '(HTTP code 409) unexpected - Container 1b2c is already paused'],
  [500, '(HTTP code 500) server error - Container 1b2c is not paused'],
];
const OURS: [number, string][] = [
  [500, '(HTTP code 500) server error - no space left on device'],
  [409, '(HTTP code 409) unexpected - The container name "/mongo" is already in use by container "1b2c"'],
];

function fails(statusCode: number, message: string): () => Promise<string> {
  return () => Promise.reject(Object.assign(new Error(message), { statusCode }));
}

describe('an engine’s answer', () => {
  test.each(GONE)('%d %s: it is gone', async (status, message) => {
    expect([await orGone(fails(status, message)), await orNotNow(fails(status, message))]).toEqual([
      undefined,
      undefined,
    ]);
  });

  test.each(NOT_NOW)('%d %s: its state does not allow it', async (status, message) => {
    expect(await orNotNow(fails(status, message))).toBeUndefined();
    await expect(orGone(fails(status, message))).rejects.toThrow(message);
  });

  test.each(OURS)('%d %s: an error', async (status, message) => {
    await expect(orGone(fails(status, message))).rejects.toThrow(message);
    await expect(orNotNow(fails(status, message))).rejects.toThrow(message);
  });
});

describe('a probe that fails in a container', () => {
  const container = {
    id: '1b2c',
    name: 'mongo',
    state: { pid: 590, startedAt: 'then', restartCount: 0, paused: false },
  };
  const RUNS = { Running: true, Restarting: false, Paused: false, Pid: 590, StartedAt: 'then', ExitCode: 0 };
  const noProcess = new Error("a probe failed: ENOENT: no such file or directory, open '/proc/590/ns/net'");

  /** @param states What the engine says of it, one after the other; the last one again and again. */
  function askOn(states: (typeof RUNS)[]): Promise<unknown> {
    const inspect = (): Promise<unknown> =>
      Promise.resolve({ RestartCount: 0, State: states.length > 1 ? states.shift() : states[0] });
    const host = { ask: () => Promise.reject(noProcess), docker: { getContainer: () => ({ inspect }) } };
    return askIn(host as unknown as LabHost, container as unknown as ContainerFacts, { ask: 'sandbox' });
  }

  test('has no answer if the container has ended, also if its engine notices later than the probe', async () => {
    expect(await askOn([RUNS, RUNS, { ...RUNS, Running: false }])).toBeUndefined();
  });

  test('is an error if the container still runs', async () => {
    await expect(askOn([RUNS])).rejects.toThrow('ENOENT');
  });

  test('is an error if the container was only paused, as the experiment does it', async () => {
    await expect(askOn([{ ...RUNS, Paused: true }])).rejects.toThrow('ENOENT');
  });
});

describe('a container that is started again', () => {
  const container = { id: '1b2c', name: 'mongo' } as ContainerFacts;

  async function startedBy(error: object): Promise<Record<string, string>> {
    const start = (): Promise<never> => Promise.reject(Object.assign(new Error('because'), error));
    const inspect = (): Promise<unknown> => Promise.resolve({ HostConfig: {} });
    const host = { docker: { getContainer: () => ({ start, inspect }) } } as unknown as LabHost;
    const stack = await Stack.of(host, [[container]], []);
    return stack.start(
      () => true,
      () => false,
    );
  }

  test('could not be started if the engine says so', async () => {
    expect(await startedBy({ statusCode: 500 })).toEqual({ mongo: 'because' });
  });

  test.each([{ code: 'ECONNRESET' }, { statusCode: 502 }])('is not judged without an answer (%j)', async (error) => {
    await expect(startedBy(error)).rejects.toThrow('because');
  });
});
