/** Finds the container of each role. The ranks are tried in order; the first one with a candidate decides. */
import type { RoleWanted } from '../lab/survey-plan.ts';
import type { ContainerFacts, RoleFinding } from './facts.ts';

/** How a role was found that submission.yaml names. */
const SUBMISSION = 'submission.yaml';

interface Rank {
  by: string;
  matches(container: ContainerFacts, role: RoleWanted): boolean;
}

const NAMES: Rank[] = [
  { by: 'container name', matches: ({ name }, role) => name === role.name },
  { by: 'compose service', matches: ({ service }, role) => service === role.name },
  // Aliases and the hostname belong to a sandbox. A container that shares another one's sandbox does not count.
  {
    by: 'network alias',
    matches: ({ name, sandboxOf, attachments }, role) =>
      sandboxOf === name && attachments.some(({ aliases }) => aliases.includes(role.name)),
  },
  {
    by: 'hostname',
    matches: ({ name, sandboxOf, hostname }, role) => sandboxOf === name && hostname === role.name,
  },
];

const IMAGE: Rank = {
  by: 'image',
  matches: ({ ancestors }, role) => role.images.some((image) => ancestors.includes(image)),
};

/**
 * Finds each role's container.
 *
 * @param named The `roles:` of submission.yaml: role → container name (or compose service).
 */
export function findRoles(
  containers: ContainerFacts[],
  wanted: RoleWanted[],
  named: Record<string, string>,
): Record<string, RoleFinding> {
  const findings: Record<string, RoleFinding> = {};
  for (const role of wanted) {
    const name = named[role.name];
    findings[role.name] = name === undefined ? byRank(containers, role, NAMES) : byName(containers, name);
  }
  // An image is weak evidence: it counts only for containers that have no role by a name.
  for (const role of wanted) {
    if (findings[role.name]?.found !== 'none' || named[role.name] !== undefined) continue;
    findings[role.name] = byRank(
      containers.filter(({ name }) => !isTaken(name, findings)),
      role,
      [IMAGE],
    );
  }
  return findings;
}

function byName(containers: ContainerFacts[], name: string): RoleFinding {
  return finding(
    containers.filter((each) => each.name === name || each.service === name),
    SUBMISSION,
  );
}

function byRank(containers: ContainerFacts[], role: RoleWanted, ranks: Rank[]): RoleFinding {
  for (const rank of ranks) {
    const candidates = containers.filter((container) => rank.matches(container, role));
    if (candidates.length > 0) return finding(candidates, rank.by);
  }
  return { found: 'none' };
}

function isTaken(name: string, findings: Record<string, RoleFinding>): boolean {
  return Object.values(findings).some((each) => each.found === 'one' && each.container === name);
}

function finding(candidates: ContainerFacts[], by: string): RoleFinding {
  const [first, ...others] = candidates;
  if (first === undefined) return { found: 'none' };
  if (others.length === 0) return { found: 'one', container: first.name, by };
  return { found: 'several', containers: candidates.map(({ name }) => name), by };
}

/** The container of a role; undefined if there is none, or more than one candidate. */
export function containerOf(role: RoleFinding | undefined, containers: ContainerFacts[]): ContainerFacts | undefined {
  return role?.found === 'one' ? containers.find(({ name }) => name === role.container) : undefined;
}

/** The name by which others should find a role: its own, or the container's if submission.yaml names one. */
export function calledName(role: string, finding: RoleFinding | undefined): string {
  return finding?.found === 'one' && finding.by === SUBMISSION ? finding.container : role;
}
