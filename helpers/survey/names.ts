/**
 * Which names are known in each role's sandbox: to Docker's embedded server, whether or not the container uses it, and
 * to the lab host's own nameservers, if it uses them. Nobody else is asked: a foreign nameserver knows no container, and
 * is no business of ours. The hosts file takes no part.
 */
import type { LabHost } from '../lab-host/lab-host.ts';
import { EXPECTED_MS } from './attempts.ts';
import type { ContainerFacts, HostFacts, NameFacts, SandboxFacts } from './facts.ts';
import { nameservers } from './resolv-conf.ts';
import { placeOf } from './subjects.ts';

/** Docker's embedded DNS server has this address in every sandbox on a user-defined network. */
export const EMBEDDED_DNS = '127.0.0.11';

export async function surveyNames(
  host: LabHost,
  sources: ContainerFacts[],
  sandboxes: Record<string, SandboxFacts>,
  { sandbox }: HostFacts,
  names: string[],
): Promise<NameFacts[]> {
  const atHost = nameservers(sandbox.resolvConf);
  const questions = sources.flatMap((source) => {
    const used = nameservers(sandboxes[source.name]?.resolvConf ?? '');
    return [...new Set([EMBEDDED_DNS, ...used.filter((server) => atHost.includes(server))])].flatMap((server) =>
      names.map((name) => ({ source, server, name })),
    );
  });
  return Promise.all(
    questions.map(async ({ source, server, name }) => ({
      from: source.name,
      name,
      server,
      ...(await host.ask(placeOf(source), { ask: 'resolve', name, server, timeoutMs: EXPECTED_MS })),
    })),
  );
}
