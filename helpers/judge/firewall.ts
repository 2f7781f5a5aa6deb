/** What firewall rules that Docker did not make mean for a rule about who reaches whom. */
import type { Lab, Role } from './lab-under-test.ts';
import { describedEvidence, type Evidence } from '../lab/verdict.ts';
import type { OpenedDoor } from '../survey/facts.ts';

/**
 * Why the firewall does not keep two containers apart, or not because of their networks. Probes are only some packets: a
 * rule may let others through. And Docker's own rules have to be what holds packets back, because that is what a network is
 * for.
 */
export function holesBetween(source: Role, target: Role): string[] {
  const { firewall } = source.lab.survey;
  if (firewall?.unclear === 'not shown')
    return ['the machine has firewall rules that iptables cannot show, so nobody can tell what they let through'];
  if (firewall?.unclear === 'too many')
    return [
      `the machine has so many firewall rules (${firewall.addedInAll}) that nobody can tell what they let through`,
    ];
  const passages = (firewall?.passages ?? []).filter(
    ({ from, to }) => from === source.facts.name && to === target.facts.name,
  );
  const passing = passages.find(({ passes }) => passes);
  if (passing !== undefined) {
    const by = passing.rules.length > 0 ? `: ${passing.rules.join(', ')}` : '';
    return [`the firewall of the machine lets packets of ${source} through to ${target}${by}`];
  }
  if (passages.some(({ heldByEngine }) => !heldByEngine))
    return [
      `Docker’s own firewall rules no longer keep ${source} and ${target} apart: they were removed, and only rules that Docker did not make hold packets back`,
    ];
  return [];
}

/** Evidence of the rules that the engine did not make; none where there are none. */
export function addedRules({ survey }: Lab): Evidence[] {
  const { added = [], addedInAll = 0 } = survey.firewall ?? {};
  if (addedInAll === 0) return [];
  const more = addedInAll > added.length ? [`(and ${addedInAll - added.length} more)`] : [];
  return [describedEvidence('firewall rules on the machine that Docker did not make', [...added, ...more].join('\n'))];
}

/** What is open outside through a door, in words. */
export function openDoors(doors: OpenedDoor[]): string[] {
  const open = doors
    .filter(({ reach }) => reach === 'open')
    .map(
      ({ container, port, rule }) =>
        `${container ?? 'something'} can be reached from outside at port ${port}, by a firewall rule: ${rule}`,
    );
  // The same door may be open at several addresses of the host.
  return [...new Set(open)];
}
