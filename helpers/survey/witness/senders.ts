/** Who must not get through to whom, as containers; and what is known around them. */
import type { LabHost } from '../../machine/lab-host/lab-host.ts';
import { OUTSIDE, type Apart } from '../../lab/survey-plan.ts';
import type { ContainerFacts } from '../facts.ts';
import type { Look } from '../look.ts';
import { playersOf } from '../roles.ts';
import { hostAddresses, isAlive, openPorts, portsTheEngineHolds } from '../subjects.ts';
import type { Surroundings } from './openings.ts';

export interface Casting extends Surroundings {
  apart: Apart;
  /** The role that a container plays, by its name. */
  roles: ReadonlyMap<string, string>;
}

/** One who must not get through to some others. */
export interface Sender {
  /** Absent for somebody outside. */
  container?: ContainerFacts;
  targets: ContainerFacts[];
}

/** The sender's name in facts. */
export function nameOf({ container }: Sender): string {
  return container?.name ?? OUTSIDE;
}

export async function castOf(
  host: LabHost,
  apart: Apart,
  { containers, sandboxes, processes, ...look }: Look,
): Promise<Casting> {
  const roles = new Map(
    Object.entries(look.roles).flatMap(([role, finding]) =>
      playersOf(finding, containers).map(({ name }): [string, string] => [name, role]),
    ),
  );
  // On a machine in use, other people's programs listen, too: nothing is sent to them.
  const own = host.engine.host === 'disposable';
  const known = portsTheEngineHolds(containers).add(host.outside.canaryPort);
  const hostPorts = own
    ? [
        ...openPorts(look.host.sandbox.listeners, known),
        ...(look.firewall?.ports ?? []).filter((each) => !known.has(each)),
      ]
    : [];
  return { apart, roles, containers, sandboxes, processes, atHost: await hostAddresses(host), hostPorts };
}

export function sendersOf({ pairs }: Apart, { roles, containers, sandboxes }: Look): Sender[] {
  const players = (role: string): ContainerFacts[] =>
    playersOf(roles[role], containers).filter((each) => isAlive(each) && sandboxes[each.name] !== undefined);
  return [...Map.groupBy(pairs, ({ from }) => from)].flatMap(([from, meant]): Sender[] => {
    const targets = meant.flatMap(({ to }) => players(to));
    const senders: Sender[] =
      from === OUTSIDE
        ? [{ targets }]
        : players(from).map((container) => ({
            container,
            targets: targets.filter((each) => each.sandboxOf !== container.sandboxOf),
          }));
    return senders.filter((each) => each.targets.length > 0);
  });
}

/** Whether a role asks another one, if need be by way of others: what it is asked may then get there, too. */
export function leadsTo(role: string | undefined, target: string | undefined, apart: Apart): boolean {
  const next = apart.links.filter(({ from }) => from === role).map(({ to }) => to);
  return next.some((each) => each === target || leadsTo(each, target, apart));
}

/** Whether a container's role has a link to the target's role. */
export function asksFor({ name }: ContainerFacts, target: ContainerFacts, { apart, roles }: Casting): boolean {
  return apart.links.some(({ from, to }) => from === roles.get(name) && to === roles.get(target.name));
}
