/** Removes a lab host's container, whatever state it is in. */
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type Docker from 'dockerode';
import { until } from '../../base/wait.ts';
import { execStreams } from './exec-stream.ts';

/**
 * Wakes everything in a lab host that is paused. With cgroup v1, a frozen process cannot be killed, so a lab host with a
 * paused container in it could not be removed. With cgroup v2 there is no such file, and this does nothing.
 */
const THAW = 'for state in $(find /sys/fs/cgroup/freezer -name freezer.state); do echo THAWED > $state; done';
const THAW_MS = 5_000;

const GONE_MS = 30_000;

/**
 * Removes a container, and returns when it is gone.
 *
 * It may take several tries. A process in the container may be frozen again after it was thawed. Or somebody else is removing
 * the container at the same time: the engine then refuses, although the container is not gone yet.
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

/** Thaws what is frozen, with a time limit, because the engine may never answer about a container that is just ending. */
async function thaw(container: Docker.Container): Promise<void> {
  await Promise.race([thawAll(container), delay(THAW_MS, undefined, { ref: false })]);
}

async function thawAll(container: Docker.Container): Promise<void> {
  try {
    const { output, errors } = await execStreams(container, ['sh', '-c', THAW]);
    errors.resume();
    output.resume();
    await once(output, 'end');
  } catch {
    // The container does not run, or does not answer any more. Then removing it shows what is wrong.
  }
}
