/**
 * Which names are known in each role's sandbox: to Docker's embedded server, whether or not the container uses it, and
 * to the lab host's own nameservers, if it uses them. Nobody else is asked: a foreign nameserver knows no container, and
 * is no business of ours. The hosts file takes no part.
 */
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import type { ResolveAnswer } from '../machine/probe/protocol.ts';
import { until } from '../base/wait.ts';
import { EXPECTED_MS } from './attempts.ts';
import type { ContainerFacts, HostFacts, NameFacts, SandboxFacts } from './facts.ts';
import { nameservers } from './resolv-conf.ts';
import { placeOf } from './subjects.ts';

/** Docker's embedded DNS server has this address in every sandbox on a user-defined network. */
export const EMBEDDED_DNS = '127.0.0.11';

/**
 * @param wanted.elsewhere Containers on another machine. On a network that both machines have, their names come by gossip
 *   between the nodes of a swarm, which takes a moment longer than it takes to ask.
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
  return Promise.all(
    questions.map(async ({ source, question, isComing }) => {
      const ask = (): Promise<ResolveAnswer> => host.ask(placeOf(source), question);
      const { name, server } = question;
      return { from: source.name, name, server, ...(await (isComing ? untilKnown(ask) : ask())) };
    }),
  );
}

/** Lower-case names under which one container knows another, because both are on one network. */
function namesBetween(from: ContainerFacts, to: ContainerFacts): string[] {
  const networks = from.attachments.map(({ networkId }) => networkId);
  return to.attachments
    .filter(({ networkId }) => networks.includes(networkId))
    .flatMap(({ aliases }) => [to.name, ...aliases])
    .map((name) => name.toLowerCase());
}

/** The last answer, when the name stays unknown. */
async function untilKnown(ask: () => Promise<ResolveAnswer>): Promise<ResolveAnswer> {
  let last = await ask();
  const known = await until(EXPECTED_MS, async () => {
    if (last.outcome !== 'no-such-name') return last;
    last = await ask();
    return undefined;
  });
  return known ?? last;
}
