/** A container's hostname, image and life story. */
import { Inconclusive } from '../grading/criterion.ts';
import type { Network, Role } from '../grading/lab-under-test.ts';
import { findingOf, type Evidence, type Finding } from '../grading/verdict.ts';
import { listed } from './running.ts';

/** Docker's default hostname is this many characters of the container's id (`docker run` reference). */
const ID_CHARACTERS = 12;

export function haveHostname(_isNot: boolean, role: Role, hostname: string): Finding {
  return hostnameFinding(role, hostname, `the hostname of ${role} is ${hostname}`);
}

export function haveItsIdAsHostname(_isNot: boolean, role: Role): Finding {
  const id = role.facts.id.slice(0, ID_CHARACTERS);
  return hostnameFinding(role, id, `the hostname of ${role} is the beginning of its container id, ${id}`);
}

function hostnameFinding(role: Role, wanted: string, expected: string): Finding {
  const { facts, sandbox } = role;
  const troubles = [
    ...(facts.hostname === wanted ? [] : [`the hostname of ${role} is ${facts.hostname}`]),
    ...(sandbox.hostname === wanted || facts.hostname !== wanted
      ? []
      : [`/etc/hostname of ${role} says ${sandbox.hostname || 'nothing'}`]),
  ];
  return findingOf(expected, troubles, `the hostname of ${role} is ${wanted}`, [
    { what: `docker exec ${facts.name} hostname`, output: facts.hostname },
    { what: `docker inspect --format '{{.Id}}' ${facts.name}`, output: facts.id },
  ]);
}

export function comeFromOneImageThatExposes(_isNot: boolean, roles: Role[], port: number): Finding {
  const key = `${port}/tcp`;
  const troubles = [
    ...(new Set(roles.map(({ facts }) => facts.imageId)).size > 1 ? [`${listed(roles)} run different images`] : []),
    ...roles
      .filter(({ facts }) => !facts.exposedByImage.includes(key))
      .map(
        (role) =>
          `the image of ${role} (${role.facts.image}) does not expose ${key}: it exposes ${listed(role.facts.exposedByImage) || 'nothing'}`,
      ),
  ];
  return findingOf(
    `${listed(roles)} run the same image, and the image exposes port ${port}`,
    troubles,
    `both run ${roles[0]!.facts.image}, which exposes ${key}`,
    roles.map(({ facts }) => ({
      what: `docker image inspect --format '{{.Id}} {{json .Config.ExposedPorts}}' ${facts.image}   # the image of ${facts.name}`,
      output: `${facts.imageId} ${facts.exposedByImage.join(' ') || '(none)'}`,
    })),
  );
}

export function haveStartedOn(_isNot: boolean, role: Role, network: Network): Finding {
  const { start, story } = lifeOf(role);
  const joined = story.some(
    ({ action, at, network: id }) => action === 'connect' && at < start && network.is(id ?? ''),
  );
  return findingOf(
    `${role} was started on ${network}`,
    joined ? [] : [`${role} was not on ${network} when it was started`],
    `${role} was on ${network} from the start`,
    [storyOf(role)],
  );
}

export function haveJoinedWhileRunning(_isNot: boolean, role: Role, network: Network): Finding {
  const { start, story } = lifeOf(role);
  const joins = story.filter(({ action, network: id }) => action === 'connect' && network.is(id ?? ''));
  const last = joins.at(-1);
  const why = (): string => {
    if (last === undefined) return `${role} was never connected to ${network}`;
    if (joins.some(({ at }) => at > start))
      return `${role} was started again after it had been connected to ${network}`;
    return `${role} was already on ${network} when its process was started`;
  };
  return findingOf(
    `${role} was connected to ${network} while it was running, and the same process still runs`,
    last !== undefined && last.at > start ? [] : [why()],
    `${role} was connected to ${network} after its start, and its process has not been started again since`,
    [storyOf(role)],
  );
}

interface Life {
  /** When its process was started, the last time. */
  start: bigint;
  story: { at: bigint; action: string; network?: string }[];
}

function lifeOf(role: Role): Life {
  const story = role.lab.survey.history
    .filter(({ container }) => container === role.facts.id)
    .map((event) => ({ ...event, at: BigInt(event.at) }));
  const start = story.findLast(({ action }) => action === 'start');
  if (start === undefined) throw new Inconclusive(`the engine has forgotten when ${role} was started`);
  return { start: start.at, story };
}

function storyOf(role: Role): Evidence {
  const { networks } = role.lab.survey;
  const nameOf = (id: string): string =>
    networks.find((network) => network.id === id)?.names.at(-1) ?? id.slice(0, ID_CHARACTERS);
  const lines = lifeOf(role).story.map(({ at, action, network }) => {
    const time = new Date(Number(at / 1_000_000n)).toISOString().slice(11, 23);
    return `${time} ${action}${network === undefined ? '' : ` ${action === 'connect' ? 'to' : 'from'} ${nameOf(network)}`}`;
  });
  return { what: `docker events --since 1h --until 0s   # what concerns ${role.facts.name}`, output: lines.join('\n') };
}
