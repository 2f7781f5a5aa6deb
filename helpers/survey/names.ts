/** Which role names the embedded DNS server answers in each role's sandbox. The hosts file takes no part. */
import type { LabHost } from '../lab-host/lab-host.ts';
import type { ContainerFacts, NameFacts } from './facts.ts';
import { placeOf } from './subjects.ts';

/** Docker's embedded DNS server has this address in every sandbox on a user-defined network. */
export const EMBEDDED_DNS = '127.0.0.11';
const ANSWER_MS = 4_000;

export async function surveyNames(host: LabHost, sources: ContainerFacts[], names: string[]): Promise<NameFacts[]> {
  return Promise.all(
    sources.flatMap((source) =>
      names.map(async (name) => ({
        from: source.name,
        name,
        ...(await host.ask(placeOf(source), { ask: 'resolve', name, server: EMBEDDED_DNS, timeoutMs: ANSWER_MS })),
      })),
    ),
  );
}
