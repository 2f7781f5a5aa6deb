/** Firewalls that engines made, with the containers and networks that they made them for; see record-firewalls.ts. */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { FirewallAnswer } from '../../helpers/machine/probe/protocol.ts';
import type { Generation } from '../../helpers/machine/setup/generations.ts';
import type { ContainerFacts, FirewallFacts, NetworkFacts } from '../../helpers/survey/facts.ts';
import { firewallFacts } from '../../helpers/survey/firewall/firewall.ts';

export interface Recorded {
  containers: ContainerFacts[];
  networks: NetworkFacts[];
  firewall: FirewallAnswer;
}

export function recordedOn(generation: Generation): Recorded {
  const packed = readFileSync(`tests/firewalls/${generation}.json.gz`);
  return JSON.parse(gunzipSync(packed).toString('utf8')) as Recorded;
}

/** What is seen of a firewall. Nothing listens in its containers. @param change Of what each tool printed. */
export function seenOf(
  { containers, networks, firewall }: Recorded,
  change: (saved: string) => string = (saved) => saved,
): FirewallFacts {
  const saved = firewall.saved.map((each) => (each.family === 4 ? { ...each, text: change(each.text) } : each));
  return firewallFacts({ ...firewall, saved }, { containers, networks, sandboxes: {} });
}

/** The saved rules with other ones before those of a table, and without some. */
export function withRules(table: string, rules: string[], without?: RegExp): (saved: string) => string {
  return (saved) =>
    saved
      .split('\n')
      .filter((line) => !(without?.test(line) ?? false))
      .join('\n')
      .replace(new RegExp(`^\\*${table}\\n(?::.*\\n)*`, 'm'), (head) => `${head}${rules.join('\n')}\n`);
}
