/**
 * Stops and starts the containers of a stack. The engine removes a container of `docker run --rm` when it stops, but not when
 * it is restarted. Such a container is paused instead of stopped, and restarted when its turn comes.
 *
 * Engine 20.10 removes it at about one restart in twelve nevertheless, and every engine does when it crashes. Then it is run
 * again with the settings that it had.
 */
import type Docker from 'dockerode';
import { asRun, runAgain, withoutAddress, type AsRun } from '../base/docker/as-run.ts';
import { isRefusal, orGone, orNotNow } from '../base/docker/gone.ts';
import { InfrastructureError, reasonOf } from '../base/failure.ts';
import { until } from '../base/wait.ts';
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import type { ContainerFacts } from './facts.ts';
import { listenersOf } from './sandboxes.ts';

/** Seconds that a database gets to shut down cleanly; everything else is killed at once. */
export const STOP_SECONDS = 5;
const SERVING_MS = 60_000;

/** A container that is stopped and started. */
export interface Restarted {
  /** As it was found, but with the id that it has now. */
  container: ContainerFacts;
  /** Whether it gets time to shut down. */
  graceful: boolean;
  /** How it was run, but without fixed addresses; present if the engine removes it when it ends. */
  asRun?: AsRun;
}

/** @param graceful Names of containers that get time to shut down. @returns those that are still there. */
export async function restartable(
  host: LabHost,
  containers: ContainerFacts[],
  graceful: string[],
): Promise<Restarted[]> {
  const found = await Promise.all(
    containers.map(async (container): Promise<Restarted | undefined> => {
      const info = await orGone(() => host.docker.getContainer(container.id).inspect());
      if (info === undefined) return undefined;
      const isKept = info.HostConfig.AutoRemove !== true;
      const found = { container, graceful: graceful.includes(container.name) };
      return isKept ? found : { ...found, asRun: withoutAddresses(asRun(info)) };
    }),
  );
  return found.filter((each) => each !== undefined);
}

function withoutAddresses({ networks, ...same }: AsRun): AsRun {
  return { ...same, networks: networks.map(([name, settings]) => [name, withoutAddress(settings)]) };
}

/** Stops all containers, or pauses them. */
export async function stopAll(host: LabHost, stack: Restarted[]): Promise<void> {
  await Promise.all(
    stack.map(({ container: { id }, graceful, asRun }) =>
      orNotNow(async () => {
        const container = host.docker.getContainer(id);
        await (asRun === undefined ? container.stop({ t: secondsFor(graceful) }) : container.pause());
      }),
    ),
  );
}

function secondsFor(graceful: boolean): number {
  return graceful ? STOP_SECONDS : 0;
}

/**
 * Starts containers one after another, because a container's name can be resolved only after its start.
 *
 * @param waitFor Whether to wait until a container serves before the next one is started.
 * @returns the stack as it is now, and the containers that could not be started, by name, with the engine's message.
 */
export async function startAll(
  host: LabHost,
  stack: Restarted[],
  waitFor: (container: ContainerFacts) => boolean,
): Promise<{ stack: Restarted[]; notStarted: Record<string, string> }> {
  const now: Restarted[] = [];
  const notStarted: Record<string, string> = {};
  for (const each of stack) {
    try {
      now.push(await startOne(host, each, waitFor(each.container)));
    } catch (error) {
      if (!isRefusal(error)) throw error; // it is not known whether it could be started
      notStarted[each.container.name] = reasonOf(error);
      now.push(each);
    }
  }
  return { stack: now, notStarted };
}

async function startOne(host: LabHost, restarted: Restarted, untilItServes: boolean): Promise<Restarted> {
  const { container, graceful, asRun } = restarted;
  const handle = host.docker.getContainer(container.id);
  if (asRun === undefined) await handle.start();
  const isThere = asRun === undefined || (await restart(handle, secondsFor(graceful)));
  const isStable = isThere && (!untilItServes || (await serves(host, container)));
  if (isStable || asRun === undefined) return restarted;
  const id = await runAgain(host.docker, container, asRun);
  if (id === undefined) throw new InfrastructureError(`the engine did not remove ${container.name} when it had ended`);
  const anew = { ...restarted, container: { ...container, id } };
  if (untilItServes) await serves(host, anew.container);
  return anew;
}

/** @returns whether the container runs afterwards; an error of its start shows again when it is run again. */
async function restart(container: Docker.Container, seconds: number): Promise<boolean> {
  const info = await orGone(async () => {
    await container.restart({ t: seconds });
    return container.inspect();
  });
  return info?.State.Running === true;
}

/**
 * Waits until a container listens on a port, or has ended.
 *
 * @returns false when it has ended.
 */
async function serves(host: LabHost, container: ContainerFacts): Promise<boolean> {
  const handle = host.docker.getContainer(container.id);
  const phase = await until(SERVING_MS, async () => {
    const State = (await orGone(() => handle.inspect()))?.State;
    if (State === undefined || (!State.Running && !State.Restarting)) return 'over';
    if (State.Restarting) return undefined;
    const now = { ...container, state: { ...container.state, pid: State.Pid, startedAt: State.StartedAt } };
    const listeners = await listenersOf(host, now);
    return listeners !== undefined && listeners.length > 0 ? 'serves' : undefined;
  });
  return phase !== 'over';
}
