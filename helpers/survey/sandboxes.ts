/** Reads sandboxes. Tells apart a student's container that ended during a probe and a probe that failed. */
import type Docker from 'dockerode';
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import type { AnswerTo, Listener, ProbeQuestion } from '../machine/probe/protocol.ts';
import { until } from '../base/wait.ts';
import type { ContainerFacts, SandboxFacts } from './facts.ts';
import { attachmentsIn } from './inspect.ts';
import { EMBEDDED_DNS } from '../base/docker/addresses.ts';
import { orGone } from '../base/docker/gone.ts';
import { placeOf } from './subjects.ts';

/** A process may have ended before its engine knows of it: so long it may take (milliseconds). */
const NOTICED_MS = 2_000;

/**
 * Reads all facts about a container's sandbox.
 *
 * @returns undefined when the container has ended or was started again.
 */
export async function enterSandbox(host: LabHost, container: ContainerFacts): Promise<SandboxFacts | undefined> {
  const [files, stack] = await Promise.all([
    askIn(host, container, { ask: 'sandbox' }),
    askIn(host, container, { ask: 'stack' }),
  ]);
  return files && stack && { ...files, ...stack };
}

/** What listens in a container's sandbox, without Docker's embedded DNS server. */
export async function listenersOf(host: LabHost, container: ContainerFacts): Promise<Listener[] | undefined> {
  const sandbox = await askIn(host, container, { ask: 'sandbox' });
  return sandbox?.listeners.filter(({ address }) => address !== EMBEDDED_DNS);
}

/** What a container itself listens on, without other containers in the same sandbox. */
export async function ownListenersOf(host: LabHost, container: ContainerFacts): Promise<Listener[] | undefined> {
  const [listeners, { processes }] = await Promise.all([
    listenersOf(host, container),
    host.ask('host', { ask: 'processes' }),
  ]);
  const own = processes.filter((each) => each.container === container.id).flatMap(({ sockets }) => sockets);
  return listeners?.filter(({ socket }) => own.includes(socket));
}

/**
 * Asks the probe agent something in a container's sandbox.
 *
 * @returns undefined when there is no answer because the container has ended or was started again.
 */
export function askIn<Q extends ProbeQuestion>(
  host: LabHost,
  container: ContainerFacts,
  question: Q,
): Promise<AnswerTo<Q> | undefined> {
  return ifStillThere(host, container, () => host.ask(placeOf(container), question));
}

/**
 * Does something with a container. A failure is an error of ours only if the container is still the same process.
 *
 * @returns undefined when it failed because the container has ended or was started again.
 */
export async function ifStillThere<T>(
  host: LabHost,
  container: ContainerFacts,
  work: () => Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const end = await until(NOTICED_MS, () => compare(host, container, endIn));
    if (end === undefined) throw error;
    return undefined;
  }
}

/** What has changed about a container since it was inspected, in words; undefined when nothing has. */
export function changeOf(host: LabHost, container: ContainerFacts): Promise<string | undefined> {
  return compare(host, container, changeIn);
}

/** The same, including its networks. To be used only while the grader itself does not change these. */
export function changeOrMoveOf(host: LabHost, container: ContainerFacts): Promise<string | undefined> {
  return compare(host, container, (now, then) => changeIn(now, then) ?? moveIn(now, then));
}

type Comparison = (now: Docker.ContainerInspectInfo, then: ContainerFacts) => string | undefined;

async function compare(host: LabHost, container: ContainerFacts, by: Comparison): Promise<string | undefined> {
  const now = await orGone(() => host.docker.getContainer(container.id).inspect());
  return now === undefined ? 'it was removed' : by(now, container);
}

function changeIn(now: Docker.ContainerInspectInfo, then: ContainerFacts): string | undefined {
  const { Paused } = now.State;
  return endIn(now, then) ?? (Paused === then.state.paused ? undefined : Paused ? 'it was paused' : 'it was resumed');
}

/** How the process that was inspected has ended. */
function endIn({ State, RestartCount }: Docker.ContainerInspectInfo, { state }: ContainerFacts): string | undefined {
  if (!State.Running && !State.Restarting) return `it exited with code ${State.ExitCode}`;
  if (State.Restarting || RestartCount !== state.restartCount) return `it was restarted (exit code ${State.ExitCode})`;
  if (State.Pid !== state.pid || State.StartedAt !== state.startedAt) return 'it was started again';
  return undefined;
}

/** How its networks have changed. A container that shares another one's sandbox has no networks of its own. */
function moveIn({ NetworkSettings }: Docker.ContainerInspectInfo, then: ContainerFacts): string | undefined {
  if (then.sandboxOf !== then.name) return undefined;
  const seen = then.attachments.map(({ network, addresses }) => `${network} (${addresses.join(', ')})`).sort();
  const found = attachmentsIn(NetworkSettings.Networks).map(
    ({ network, addresses }) => `${network} (${addresses.join(', ')})`,
  );
  if (JSON.stringify(found.sort()) === JSON.stringify(seen)) return undefined;
  return `it was on ${listed(seen)}, and then on ${listed(found)}`;
}

function listed(networks: string[]): string {
  return networks.length === 0 ? 'no network' : networks.join(' and ');
}
