/** Removes a lab host, running or not, gone already or not. */
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type Docker from 'dockerode';
import { until } from '../../base/wait.ts';
import { execStreams } from './exec-stream.ts';

/**
 * On cgroup v1 a frozen process cannot be killed, and a lab host with a paused container in it cannot be removed: so
 * everything in it is thawed first. On cgroup v2 there is no such file, and no need.
 */
const THAW = 'for state in $(find /sys/fs/cgroup/freezer -name freezer.state); do echo THAWED > $state; done';
const THAW_MS = 5_000;

const GONE_MS = 30_000;

/**
 * Removes a container; it is gone then.
 *
 * Again, if need be: something in it may be frozen after it was thawed and before it was killed, and somebody else may
 * be removing it, which is not the same as its being gone.
 */
export async function removeContainer(container: Docker.Container): Promise<void> {
  let last: unknown;
  const gone = await until(GONE_MS, async () => {
    await thaw(container);
    try {
      await container.remove({ force: true, v: true });
      return true;
    } catch (error) {
      last = error;
      return (error as { statusCode?: number }).statusCode === 404 ? true : undefined;
    }
  });
  if (gone === undefined) throw last;
}

/** Bounded as a whole: the engine may never answer about a container that is just dying. */
async function thaw(container: Docker.Container): Promise<void> {
  await Promise.race([thawAll(container), delay(THAW_MS, undefined, { ref: false })]);
}

async function thawAll(container: Docker.Container): Promise<void> {
  try {
    const { output } = await execStreams(container, ['sh', '-c', THAW]);
    output.resume();
    await once(output, 'end');
  } catch {
    // It does not run, or does not answer any more: removing it says so.
  }
}
