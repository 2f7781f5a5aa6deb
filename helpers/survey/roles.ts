/**
 * Finds who plays each role: a container, or all replicas of a service together. The ranks are tried in order; the first one
 * with a candidate decides. Within a rank, a container that runs comes before one that has stopped.
 */
import { repositoryOf } from '../base/docker/image-name.ts';
import { isSimilar } from '../base/similar-name.ts';
import type { RoleWanted, SurveyPlan } from '../lab/survey-plan.ts';
import type { ContainerFacts, RoleFinding } from './facts.ts';
import { inGroups } from './replicas.ts';
import { isAlive } from './subjects.ts';

/** How a role was found that submission.yaml names. */
const SUBMISSION = 'submission.yaml';
/** How a role was found whose container is called nearly as it should be. */
const SIMILAR = 'similar name';

interface Rank {
  by: string;
  matches(container: ContainerFacts, role: RoleWanted): boolean;
}

/** One container, or all replicas of one service. */
type Group = ContainerFacts[];

const NAMES: Rank[] = [
  { by: 'container name', matches: ({ name }, role) => name === role.name },
  // A container of `compose run`, or one that only says so by a label, comes after those that Compose keeps up.
  { by: 'compose service', matches: ({ service, replica }, role) => service === role.name && replica !== undefined },
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

const SIMILAR_NAME: Rank = {
  by: SIMILAR,
  matches: (container, role) => ownNames(container).some((name) => isSimilar(name, role.name)),
};

const IMAGE: Rank = {
  by: 'image',
  matches: ({ ancestors }, role) => role.images.some((image) => ancestors.includes(image)),
};

/**
 * Finds who plays each role.
 *
 * @param containers All containers, those that have stopped as well.
 * @param named The `roles:` of submission.yaml: role → container name (or compose service).
 * @param missesOne Whether a container is missing that the submission wanted: then the only one may be another.
 */
export function findRoles(
  containers: ContainerFacts[],
  { roles: wanted, application }: Pick<SurveyPlan, 'roles' | 'application'>,
  named: Record<string, string>,
  missesOne = false,
): Record<string, RoleFinding> {
  const groups = inGroups(containers);
  const [running, stopped] = [groups.filter(isUp), groups.filter((group) => !isUp(group))];
  const fronts = (application?.requests ?? []).map(({ front }) => front);
  const findings: Record<string, RoleFinding> = {};
  for (const role of wanted) {
    const name = named[role.name];
    const ranks = name === undefined ? NAMES : ranksOf(name);
    const none: RoleFinding = { found: 'none', ...(name !== undefined && { named: name }) };
    const found = byRank(running, role, ranks) ?? byRank(stopped, role, ranks) ?? none;
    const isService = found.found === 'one' && found.replicas !== undefined;
    findings[role.name] = isService && name !== undefined ? { ...found, called: name } : found;
  }
  // What follows is weak evidence: it counts only for containers that have no role by a name.
  const find = (among: Group[], rank: Rank, prefer: (role: RoleWanted, candidates: Group[]) => Group[]): void => {
    for (const role of wanted) {
      if (findings[role.name]?.found !== 'none' || named[role.name] !== undefined) continue;
      const free = among.filter((group) => !group.some(({ name }) => isTaken(name, findings)));
      const candidates = free.filter((group) => group.some((each) => rank.matches(each, role)));
      findings[role.name] = finding(prefer(role, candidates), rank.by);
    }
  };
  for (const among of [running, stopped]) {
    find(among, SIMILAR_NAME, (_, candidates) => candidates);
    find(among, IMAGE, (role, candidates) => likeliest(role, candidates, fronts));
  }
  // Where only one container can be meant, it needs no name.
  const onlyOne = running.length > 0 ? running : stopped;
  if (wanted.length === 1 && onlyOne.length === 1 && !missesOne)
    find(onlyOne, { by: 'only container', matches: () => true }, (_, candidates) => candidates);
  return findings;
}

/** Whether one of its containers runs. (Docker's `Running` is also true while it is paused, or restarting.) */
function isUp(group: Group): boolean {
  return group.some(({ state }) => state.running);
}

/** How a container is found that submission.yaml names. */
function ranksOf(wanted: string): Rank[] {
  return [
    { by: SUBMISSION, matches: ({ name }) => name === wanted },
    { by: SUBMISSION, matches: ({ service }) => service === wanted },
  ];
}

function byRank(groups: Group[], role: RoleWanted, ranks: Rank[]): RoleFinding | undefined {
  for (const rank of ranks) {
    const candidates = groups.filter((group) => group.some((container) => rank.matches(container, role)));
    if (candidates.length > 0) return finding(candidates, rank.by);
  }
  return undefined;
}

/**
 * Of several containers that an image fits: for the front, those that publish a port; then those that run the very image, and
 * not one that was built from it; then those that run what the image is for, and not a command of their own.
 */
function likeliest(role: RoleWanted, candidates: Group[], fronts: string[]): Group[] {
  const publishes = ({ published }: ContainerFacts): boolean => published.length > 0;
  const runsIt = ({ image }: ContainerFacts): boolean => role.images.includes(repositoryOf(image));
  const asItIs = ({ runsItsImage }: ContainerFacts): boolean => runsItsImage === true;
  const preferences = [...(fronts.includes(role.name) ? [publishes] : []), runsIt, asItIs];
  return preferences.reduce((left, prefers) => {
    const preferred = left.filter((group) => group.some(prefers));
    return preferred.length > 0 ? preferred : left;
  }, candidates);
}

function isTaken(name: string, findings: Record<string, RoleFinding>): boolean {
  return Object.values(findings).some((each) => each.found === 'one' && containersIn(each).includes(name));
}

function finding(candidates: Group[], by: string): RoleFinding {
  const [first, ...others] = candidates;
  if (first === undefined) return { found: 'none' };
  const [container, ...replicas] = first.map(({ name }) => name);
  if (others.length > 0) return { found: 'several', containers: candidates.flat().map(({ name }) => name), by };
  return { found: 'one', container: container!, by, ...(replicas.length > 0 && { replicas }) };
}

/** What the student called a container: its service, and its name unless Compose has made that up. */
function ownNames({ name, service, replica }: ContainerFacts): string[] {
  if (service === undefined) return [name];
  return replica !== undefined && name.includes(service) ? [service] : [name, service];
}

/** The names of all containers that a finding names: those that play the role, or those that could. */
export function containersIn(role: RoleFinding | undefined): string[] {
  if (role === undefined || role.found === 'none') return [];
  return role.found === 'one' ? [role.container, ...(role.replicas ?? [])] : role.containers;
}

/** The containers that were made for a role, whether they run or not; none if nobody was, or if it cannot be told who. */
export function madeFor(role: RoleFinding | undefined, containers: ContainerFacts[]): ContainerFacts[] {
  const names = role?.found === 'one' ? containersIn(role) : [];
  return names.flatMap((name) => containers.find((each) => each.name === name) ?? []);
}

/** Those of them that play it: the replicas that run; all where none does, because what Docker was told can be judged. */
export function playersOf(role: RoleFinding | undefined, containers: ContainerFacts[]): ContainerFacts[] {
  const all = madeFor(role, containers);
  const alive = all.filter(isAlive);
  return alive.length > 0 ? alive : all;
}

/** The name by which others should find a role: its own, or the container's if submission.yaml names one. */
export function calledName(role: string, finding: RoleFinding | undefined): string {
  return finding?.found === 'one' && finding.by === SUBMISSION ? (finding.called ?? finding.container) : role;
}

/** What the container that plays a role is called, if that is only nearly what it should be; otherwise undefined. */
export function misnomerOf(role: string, finding: RoleFinding, container: ContainerFacts): string | undefined {
  if (finding.found !== 'one' || finding.by !== SIMILAR) return undefined;
  return ownNames(container).find((name) => isSimilar(name, role)) ?? container.name;
}
