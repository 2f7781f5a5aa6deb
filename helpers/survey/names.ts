/**
 * Which names are known in each role's sandbox. Docker's embedded server is asked even if the container does not use
 * it; the lab host's nameservers are asked if the container uses them. Other nameservers are not asked: they know no
 * container, and are not ours. The hosts file is not used.
 */
import { EMBEDDED_DNS } from '../base/docker/addresses.ts';
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import type { ResolveAnswer } from '../machine/probe/protocol.ts';
import { until } from '../base/wait.ts';
import { EXPECTED_MS } from './attempts.ts';
import type { ContainerFacts, HostFacts, NameFacts, SandboxFacts } from './facts.ts';
import { nameservers } from './resolv-conf.ts';
import { askIn } from './sandboxes.ts';

/**
 * @param wanted.elsewhere Containers on another machine. If both machines have a network, the nodes of the swarm tell
 *   each other its names, which may take a moment: such names are asked for until they are known, or a deadline passes.
 */
export async function surveyNames(
  host: LabHost,
  sources: ContainerFacts[],
  sandboxes: Record<string, SandboxFacts>,
  { sandbox }: HostFacts,
  wanted: { names: string[]; elsewhere: ContainerFacts[] },
): Promise<NameFacts[]> {
  const atHost = nameservers(sandbox.resolvConf);
  const questions = sources.flatMap((source) => {
    const used = nameservers(sandboxes[source.name]?.resolvConf ?? '');
    const coming = wanted.elsewhere.flatMap((each) => namesBetween(source, each));
    return [...new Set([EMBEDDED_DNS, ...used.filter((server) => atHost.includes(server))])].flatMap((server) =>
      wanted.names.map((name) => ({
        source,
        question: { ask: 'resolve', name, server, timeoutMs: EXPECTED_MS } as const,
        isComing: server === EMBEDDED_DNS && coming.includes(name.toLowerCase()),
      })),
    );
  });
  const answered = await Promise.all(
    questions.map(async ({ source, question, isComing }) => {
      const ask = (): Promise<ResolveAnswer | undefined> => askIn(host, source, question);
      const { name, server } = question;
      const answer = await (isComing ? untilKnown(ask) : untilAnswered(ask));
      return answer && { from: source.name, name, server, ...answer };
    }),
  );
  return answered.filter((each) => each !== undefined);
}

/** The lower-case names by which one container knows another on a common network. */
function namesBetween(from: ContainerFacts, to: ContainerFacts): string[] {
  const networks = from.attachments.map(({ networkId }) => networkId);
  return to.attachments
    .filter(({ networkId }) => networks.includes(networkId))
    .flatMap(({ aliases }) => [to.name, ...aliases])
    .map((name) => name.toLowerCase());
}

/** Asks once more when no answer came: nobody else repeats a lost packet, and on a busy machine an answer may be late. */
async function untilAnswered(ask: () => Promise<ResolveAnswer | undefined>): Promise<ResolveAnswer | undefined> {
  const first = await ask();
  return first?.code === 'ETIMEOUT' ? ask() : first;
}

/** Asks until the name is known. @returns the last answer if it stays unknown. */
async function untilKnown(ask: () => Promise<ResolveAnswer | undefined>): Promise<ResolveAnswer | undefined> {
  let last = await ask();
  await until(EXPECTED_MS, async () => {
    if (last?.outcome !== 'no-such-name') return true;
    last = await ask();
    return undefined;
  });
  return last;
}
