/**
 * Containers that ended because Compose had not started another one yet. Without `depends_on`, Compose starts services in no
 * order, so it depends on the machine's speed whether a program that looks a name up at its start finds it. A person would
 * say `docker compose up` again, and so they are started once more. In a script the order is the author's.
 */
import { orNotNow } from '../base/docker/gone.ts';
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import type { ContainerFacts, StartedAgain } from './facts.ts';
import { isAlive } from './subjects.ts';

/** How programs say that a name is not known (nginx, glibc, musl, Node.js, curl). */
const UNKNOWN_NAME =
  /host not found|could not be resolved|could not resolve|not resolve host|name or service not known|name resolution|getaddrinfo|ENOTFOUND|EAI_AGAIN|bad address|no such host/i;

/** Of two that start within this time, the engine (28.5) may know the name of the first one only after the second one asked. */
const TOGETHER_MS = 1000;

/** @returns the containers that ended too early, each with the service that was not there yet. */
export function tooEarly(containers: ContainerFacts[]): StartedAgain[] {
  return containers.flatMap((container) => {
    const { name, project, state } = container;
    if (project === undefined || state.status !== 'exited' || state.exitCode === 0) return [];
    const words = (container.lastOutput ?? '')
      .split('\n')
      .filter((line) => UNKNOWN_NAME.test(line))
      .flatMap((line) => line.split(/[^\w.-]+/));
    const late = containers.find(
      (other) =>
        other.project === project &&
        other.service !== undefined &&
        words.includes(other.service) &&
        isAlive(other) &&
        Date.parse(other.state.startedAt) > Date.parse(state.startedAt) - TOGETHER_MS &&
        shareNetwork(container, other),
    );
    return late?.service === undefined ? [] : [{ container: name, missed: late.service }];
  });
}

function shareNetwork(one: ContainerFacts, other: ContainerFacts): boolean {
  return one.attachments.some(({ networkId }) => other.attachments.some((each) => each.networkId === networkId));
}

/** Starts them once more. */
export async function startAgain(
  { docker }: LabHost,
  early: StartedAgain[],
  containers: ContainerFacts[],
): Promise<void> {
  const ids = early.flatMap(({ container }) => containers.find(({ name }) => name === container)?.id ?? []);
  await Promise.all(ids.map((id) => orNotNow(() => docker.getContainer(id).start())));
}

/** A sentence for the student. */
export function startedAgainText({ container, missed }: StartedAgain): string {
  return `${container} ended because it did not find ${missed}, which was still being started, and was started once more; with \`depends_on: [${missed}]\` the order is sure`;
}
