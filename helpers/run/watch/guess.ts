/** Guesses which lab a student is working on, from the names of the containers and networks that run. */
import { setTimeout as delay } from 'node:timers/promises';
import { InfrastructureError, UsageError } from '../../base/failure.ts';
import type { LabDefinition } from '../../lab/lab-definition.ts';
import type { LabHost } from '../../machine/lab-host/lab-host.ts';
import type { ContainerFacts } from '../../survey/facts.ts';
import { inspectAll, type Inventory } from '../../survey/inspect.ts';
import { containersIn, findRoles } from '../../survey/roles.ts';
import { LOST, type Burst, type EventStream } from './events.ts';

/** Bringing up a stack takes a while; what is there is looked at when nothing has happened for so long. */
const QUIET_MS = 2_000;
/** How a role is found that says nothing of the lab: many labs, and others' work, use the same images. */
const WEAK = ['image', 'only container'];

export interface Guess<Lab extends LabDefinition> {
  lab: Lab;
  /** What speaks for it, as the end of a sentence. */
  because: string;
}

/**
 * @param labs Those that can be watched.
 * @returns the likeliest labs: one, or several that are equally likely; none if nothing speaks for any.
 */
export function likeliest<Lab extends LabDefinition>(labs: Lab[], { containers, networks }: Inventory): Guess<Lab>[] {
  const running = containers.filter(({ state }) => state.running);
  const guesses = labs.map((lab) => evidenceFor(lab, { containers: running, networks }));
  const possible = guesses.filter(({ roles }) => roles.length > 0);
  const most = Math.max(...possible.map(({ score }) => score));
  return possible
    .filter(({ score }) => score === most)
    .map(({ lab, roles, networks: made }) => {
      const spoken = [...listed('container', roles), ...listed('network', made)];
      return { lab, because: spoken.join(' and ') };
    });
}

/** How much of a lab is there, less how much is missing: roles, networks, and which role is on which network. */
function evidenceFor<Lab extends LabDefinition>(
  lab: Lab,
  { containers, networks }: Inventory,
): { lab: Lab; roles: string[]; networks: string[]; score: number } {
  const found = findRoles(containers, lab.survey, {});
  const players = new Map(
    lab.survey.roles.flatMap(({ name }): [string, ContainerFacts[]][] => {
      const finding = found[name];
      if (finding === undefined || finding.found === 'none' || WEAK.includes(finding.by)) return [];
      return [[name, containers.filter((each) => containersIn(finding).includes(each.name))]];
    }),
  );
  const idsOf = (name: string): string[] => networks.filter(({ names }) => names.includes(name)).map(({ id }) => id);
  const wanted = (lab.wanted?.networks ?? []).filter(
    ({ name }) => !networks.some((n) => n.predefined && n.name === name),
  );
  const made = wanted.filter(({ name }) => idsOf(name).length > 0).map(({ name }) => name);
  const joins = (lab.wanted?.containers ?? []).flatMap(({ role, networks: on }) =>
    on.map((network) => ({ role, network })),
  );
  const joined = joins.filter(({ role, network }) =>
    players.get(role)?.some(({ attachments }) => attachments.some((each) => idsOf(network).includes(each.networkId))),
  );
  const there = players.size + made.length + joined.length;
  const inAll = lab.survey.roles.length + wanted.length + joins.length;
  return { lab, roles: [...players.keys()], networks: made, score: 2 * there - inAll };
}

function listed(what: string, names: string[]): string[] {
  if (names.length === 0) return [];
  return [`the ${what}${names.length > 1 ? 's' : ''} ${names.join(', ')}`];
}

/**
 * Guesses, or waits until something runs that a lab can be guessed from.
 *
 * @param tell Is told what is waited for.
 * @throws {UsageError} when several labs are equally likely from the start.
 */
export async function guessedLab<Lab extends LabDefinition>(
  { docker }: Pick<LabHost, 'docker'>,
  events: EventStream,
  labs: Lab[],
  tell: (waiting: string) => void,
): Promise<Guess<Lab>> {
  for (let isFirst = true; ; isFirst = false) {
    const guesses = likeliest(labs, await inspectAll(docker));
    const [guess, ...others] = guesses;
    if (guess !== undefined && others.length === 0) return guess;
    const either = guesses.map(({ lab, because }) => `${lab.name} (${because})`).join(' or ');
    const name = `npm run self-test -- ${guess?.lab.name ?? 'LAB'}`;
    if (guess !== undefined && isFirst)
      throw new UsageError(`what runs may be ${either}: name the one that you are working on, for example: ${name}`);
    tell(
      guess === undefined
        ? `nothing runs yet by which a lab could be recognised; waiting for it. Or name the lab: ${name}`
        : `what runs may be ${either}; waiting for more. Or leave, and name the lab: ${name}`,
    );
    await quietAgain(events);
  }
}

/** Waits until something has happened, and then nothing for a while. */
async function quietAgain(events: EventStream): Promise<void> {
  let happened: Burst | 'nothing' | undefined = await events.next();
  while (happened !== undefined) {
    happened = await Promise.race([events.next(), delay(QUIET_MS, 'nothing' as const)]);
    if (happened === 'nothing') return;
  }
  throw new InfrastructureError(LOST);
}
