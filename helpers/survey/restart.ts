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

/** A container that may be stopped and started. */
interface Member {
  /** As it was found, but with the id that it has now. */
  container: ContainerFacts;
  /** Its place in the order of starting. */
  rank: number;
  /** Whether it gets time to shut down. */
  graceful: boolean;
  /** How it was run, but without fixed addresses; present if the engine removes it when it ends. */
  asRun?: AsRun;
}

type Choice = (container: ContainerFacts) => boolean;

/** Containers that belong together, in the order in which they start. */
export class Stack {
  readonly #host: LabHost;
  readonly #members: Member[];

  private constructor(host: LabHost, members: Member[]) {
    this.#host = host;
    this.#members = members;
  }

  /**
   * @param ranked Groups in the order of starting: within one, nobody needs another one. Containers that have gone are left out.
   * @param graceful Names of containers that get time to shut down.
   */
  static async of(host: LabHost, ranked: ContainerFacts[][], graceful: string[]): Promise<Stack> {
    const found = await Promise.all(
      ranked.flatMap((group, rank) =>
        group.map(async (container): Promise<Member | undefined> => {
          const info = await orGone(() => host.docker.getContainer(container.id).inspect());
          if (info === undefined) return undefined;
          const isKept = info.HostConfig.AutoRemove !== true;
          const member = { container, rank, graceful: graceful.includes(container.name) };
          return isKept ? member : { ...member, asRun: withoutAddresses(asRun(info)) };
        }),
      ),
    );
    return new Stack(
      host,
      found.filter((each) => each !== undefined),
    );
  }

  /** Stops the chosen containers, or pauses them. */
  async stop(chosen: Choice): Promise<void> {
    await Promise.all(
      this.#members
        .filter(({ container }) => chosen(container))
        .map(({ container: { id }, graceful, asRun }) =>
          orNotNow(async () => {
            const container = this.#host.docker.getContainer(id);
            await (asRun === undefined ? container.stop({ t: secondsFor(graceful) }) : container.pause());
          }),
        ),
    );
  }

  /**
   * Starts the chosen containers, one rank after another, because a container's name can be resolved only after its start.
   *
   * @param waitFor Whether to wait until a container serves before the next rank is started.
   * @returns the containers that could not be started, by name, with the engine's message.
   */
  async start(chosen: Choice, waitFor: Choice): Promise<Record<string, string>> {
    const notStarted: Record<string, string> = {};
    const start = async (member: Member): Promise<void> => {
      try {
        member.container = await startOne(this.#host, member, waitFor(member.container));
      } catch (error) {
        if (!isRefusal(error)) throw error; // it is not known whether it could be started
        notStarted[member.container.name] = reasonOf(error);
      }
    };
    const meant = this.#members.filter(({ container }) => chosen(container));
    for (const rank of new Set(meant.map(({ rank }) => rank)))
      await Promise.all(meant.filter((each) => each.rank === rank).map(start));
    return notStarted;
  }
}

function withoutAddresses({ networks, ...same }: AsRun): AsRun {
  return { ...same, networks: networks.map(([name, settings]) => [name, withoutAddress(settings)]) };
}

function secondsFor(graceful: boolean): number {
  return graceful ? STOP_SECONDS : 0;
}

/** @returns the container as it was found, but with the id that it has now. */
async function startOne(
  host: LabHost,
  { container, graceful, asRun }: Member,
  untilItServes: boolean,
): Promise<ContainerFacts> {
  const handle = host.docker.getContainer(container.id);
  if (asRun === undefined) await handle.start();
  const isThere = asRun === undefined || (await restart(handle, secondsFor(graceful)));
  const isStable = isThere && (!untilItServes || (await serves(host, container)));
  if (isStable || asRun === undefined) return container;
  const id = await runAgain(host.docker, container, asRun);
  if (id === undefined) throw new InfrastructureError(`the engine did not remove ${container.name} when it had ended`);
  const anew = { ...container, id };
  if (untilItServes) await serves(host, anew);
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
