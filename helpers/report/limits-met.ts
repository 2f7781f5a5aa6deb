/** Which of the lab host's limits a submission met, and what it changed in its firewall, in lines for its readers. */
import { usedUpText } from '../survey/used-up.ts';
import { deniedText } from './denied.ts';
import type { LabRecord } from './record.ts';

export function limitsMet({
  usedUp = [],
  policy,
  firewall,
}: Pick<LabRecord, 'usedUp' | 'policy' | 'firewall'>): string[] {
  return [...usedUp.map(usedUpText), ...deniedText(policy), ...firewallText(firewall)];
}

/** One line, or none. Such rules are no fault by themselves. */
function firewallText(firewall: LabRecord['firewall']): string[] {
  if (firewall === undefined) return [];
  const { added, addedInAll } = firewall;
  const more = addedInAll > 1 ? ` (and ${addedInAll - 1} more)` : '';
  return [`the firewall has rules that Docker did not make: ${added[0] ?? ''}${more}`];
}
