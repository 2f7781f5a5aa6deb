/** Which roles have no container that runs, and which of them only suffers from another one's trouble. */
import { isAlive } from '../../survey/subjects.ts';
import type { ContainerFacts, RoleFinding, Survey } from '../../survey/facts.ts';
import { linesOf, tellingLine } from './printed.ts';

/** A role that nobody plays as it should be played. */
export interface Trouble {
  role: string;
  finding: RoleFinding;
  /** The container that should play it, if there is one. */
  container?: ContainerFacts;
  /** The machine on which that was found. */
  survey: Survey;
}

/** @param machines One or two. @returns the troubles in the lab's order of its roles. */
export function troublesOn(machines: Survey[]): Trouble[] {
  const [first] = machines;
  return Object.keys(first?.roles ?? {}).flatMap((role) => {
    const seen = machines.map((survey) => seenOn(survey, role));
    if (seen.some(({ container, survey }) => container !== undefined && runs(container, survey))) return [];
    const rank = { one: 0, several: 1, none: 2 };
    return seen.toSorted((a, b) => rank[a.finding.found] - rank[b.finding.found]).slice(0, 1);
  });
}

function seenOn(survey: Survey, role: string): Trouble {
  const finding = survey.roles[role] ?? { found: 'none' };
  const container =
    finding.found === 'one' ? survey.containers.find(({ name }) => name === finding.container) : undefined;
  return { role, finding, survey, ...(container && { container }) };
}

function runs(container: ContainerFacts, { unstable }: Survey): boolean {
  return isAlive(container) && unstable[container.name] === undefined;
}

/** How programs say that they do not find or reach another one. */
const MISSES =
  /host not found|could not be resolved|not resolve|name or service|name resolution|getaddrinfo|ENOTFOUND|EAI_AGAIN|refused|ServerSelection|no address|unknown host|bad address|no such host|timed out|unreachable/i;

/** The line in which a container says that it does not find another role in trouble. */
export function missedLine({ role, container }: Trouble, all: Trouble[]): string | undefined {
  const others = all.filter((each) => each.role !== role);
  const lines = linesOf(container?.lastOutput ?? '').filter((line) => MISSES.test(line));
  return lines.findLast((line) => others.some((other) => namesOf(other).some((name) => mentions(line, name))))?.trim();
}

/** Whether a container is in trouble only because another role is: it waits for it, or does not find it. */
export function suffers(trouble: Trouble, all: Trouble[]): boolean {
  return (isWaiting(trouble) && !all.every(isWaiting)) || missedLine(trouble, all) !== undefined;
}

/** Whether its container was made, and nobody has tried to start it. */
export function isWaiting({ container }: Trouble): boolean {
  return container?.state.status === 'created' && container.state.error === '';
}

/** Whether the last that a container says is that it does not find something, whatever that is. */
function misses({ container }: Trouble): boolean {
  return MISSES.test(tellingLine(linesOf(container?.lastOutput ?? '')));
}

function namesOf({ role, container }: Trouble): string[] {
  return [
    role,
    ...(container === undefined ? [] : [container.name]),
    ...(container?.service === undefined ? [] : [container.service]),
  ];
}

/** Whether a name stands in a line as a word of its own. */
function mentions(line: string, name: string): boolean {
  return line
    .split(/[^\w.-]+/)
    .some((word) => word === name || word.startsWith(`${name}.`) || word.endsWith(`.${name}`));
}

/**
 * The trouble that others follow from: of those that suffer from no other, the first one with a container, and rather one
 * that does not only fail to find something.
 */
export function rootOf(troubles: Trouble[]): Trouble | undefined {
  const own = troubles.filter((each) => !suffers(each, troubles));
  const made = own.filter(({ container }) => container !== undefined);
  return made.find((each) => !misses(each)) ?? made[0] ?? own[0] ?? troubles[0];
}
