/** Which role was seen to reach which, beside what the task wants: the survey's probes, one row per pair of roles. */
import type { WantedTopology } from '../lab/lab-definition.ts';
import { arrives, attemptsBetween, type Attempt } from '../survey/attempts.ts';
import type { ContainerFacts, RoleFinding, Survey } from '../survey/facts.ts';
import { hostsEntryOf, nameservers } from '../survey/resolv-conf.ts';
import { calledName } from '../survey/roles.ts';

/** One container's way to another; both are called by their roles. */
export interface ReachRecord {
  from: string;
  to: string;
  byName: Way;
  byAddress: Way;
}

export interface Way {
  /** Whether the task wants it open; absent where it says nothing of it. */
  expected?: boolean;
  /** `reached-through-host`: only by a port that is published on the host. */
  observed: 'reached' | 'reached-through-host' | 'not-reached' | 'no-such-name' | 'another-address' | 'not-tried';
}

/** Whether a way is open that should be closed, or the other way round. What was not tried is not wrong. */
export function isWrong({ expected, observed }: Way): boolean {
  if (expected === undefined || observed === 'not-tried') return false;
  return expected !== (observed === 'reached' || observed === 'reached-through-host');
}

/** A role with its container and the machine that it was surveyed on. */
interface Player {
  role: string;
  finding: RoleFinding | undefined;
  container: ContainerFacts | undefined;
  survey: Survey;
}

/** @returns a row for every ordered pair of the task's roles. */
export function reachOf(survey: Survey, wanted: WantedTopology): ReachRecord[] {
  const players = wanted.containers.map(({ role }) => playerOf(role, survey));
  return players.flatMap((from) =>
    players
      .filter((to) => to !== from)
      .map((to) => {
        const asked = wanted.reach.find((pair) => pair.from === from.role && pair.to === to.role);
        return {
          from: from.role,
          to: to.role,
          byName: way(asked?.byName, byName(from, to)),
          byAddress: way(asked?.byAddress, byAddress(from, to)),
        };
      }),
  );
}

function way(expected: boolean | undefined, observed: Way['observed']): Way {
  return { ...(expected === undefined ? {} : { expected }), observed };
}

function playerOf(role: string, first: Survey): Player {
  const surveys = [first, first.secondMachine].filter((each) => each !== undefined);
  const on = surveys.find(({ roles }) => roles[role]?.found === 'one') ?? first;
  const finding = on.roles[role];
  const name = finding?.found === 'one' ? finding.container : undefined;
  return { role, finding, container: on.containers.find((each) => each.name === name), survey: on };
}

/** By any of the target's addresses, or by a port that it publishes on the host. */
function byAddress(from: Player, to: Player): Way['observed'] {
  if (from.container === undefined || to.container === undefined) return 'not-tried';
  const tried = attemptsBetween(from.survey, from.container.name, to.container.name);
  const arrived = tried.filter(arrives);
  if (arrived.length > 0) return arrived.every(throughHost) ? 'reached-through-host' : 'reached';
  // Without an address there is nothing to try, and nothing that could be reached.
  return tried.length > 0 || hasNoAddress(from.container) || hasNoAddress(to.container) ? 'not-reached' : 'not-tried';
}

/** By the name that others should use, as the asking container's nameservers and hosts file know it. */
function byName(from: Player, to: Player): Way['observed'] {
  const sandbox = from.container === undefined ? undefined : from.survey.sandboxes[from.container.name];
  if (from.container === undefined || to.container === undefined || sandbox === undefined) return 'not-tried';
  const asked = from.survey.names.filter((each) => each.from === from.container?.name);
  // submission.yaml may give a container another name, but the other machine's survey asks only for the role's name.
  const name = [calledName(to.role, to.finding), to.role].find((each) => asked.some((fact) => fact.name === each));
  if (name === undefined) return 'not-tried';
  const used = nameservers(sandbox.resolvConf);
  const answers = asked.filter((each) => each.name === name && used.includes(each.server));
  const entry = hostsEntryOf(sandbox.hosts, name);
  // The hosts file comes first, as it does for a program that looks the name up.
  const found = entry === undefined ? answers.flatMap(({ addresses }) => addresses) : [entry.address];
  if (found.length === 0) return 'no-such-name';
  const own = to.container.attachments.flatMap(({ addresses }) => addresses);
  const right = found.filter((address) => own.includes(address));
  if (right.length === 0) return 'another-address';
  const tried = attemptsBetween(from.survey, from.container.name, to.container.name).filter(({ address }) =>
    right.includes(address),
  );
  if (tried.some(arrives)) return 'reached';
  return tried.length > 0 ? 'not-reached' : 'not-tried';
}

function throughHost(attempt: Attempt): boolean {
  return 'way' in attempt && attempt.way === 'published';
}

function hasNoAddress({ attachments }: ContainerFacts): boolean {
  return attachments.every(({ addresses }) => addresses.length === 0);
}
