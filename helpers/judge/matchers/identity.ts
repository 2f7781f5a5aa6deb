/** Matchers: a container's hostname, image and history. */
import { repositoryOf } from '../../base/docker/image-name.ts';
import { Withheld } from '../matcher.ts';
import type { Network, Role } from '../lab-under-test.ts';
import { findingOf, type Evidence, type Finding } from '../../lab/verdict.ts';
import type { EngineEvent } from '../../survey/facts.ts';
import { listed } from './running.ts';

/** Docker's default hostname is this many characters of the container's id (`docker run` reference). */
const ID_CHARACTERS = 12;

export function haveHostname(role: Role, hostname: string): Finding {
  return hostnameFinding(role, hostname, `the hostname of ${role} is ${hostname}`);
}

export function haveItsIdAsHostname(role: Role): Finding {
  const id = role.facts.id.slice(0, ID_CHARACTERS);
  return hostnameFinding(role, id, `the hostname of ${role} is the beginning of its container id, ${id}`);
}

function hostnameFinding(role: Role, wanted: string, expected: string): Finding {
  const { facts } = role;
  // A container that does not run has no file to be read; what it was told is known.
  const inFile = role.isStopped ? undefined : role.sandbox.hostname;
  // With --domainname, the file has the domain after the hostname.
  const isInFile = inFile === undefined || inFile === wanted || inFile.startsWith(`${wanted}.`);
  const troubles =
    facts.hostname !== wanted
      ? [`the hostname of ${role} is ${facts.hostname}`]
      : isInFile
        ? []
        : [`/etc/hostname of ${role} says ${inFile || 'nothing'}`];
  return findingOf(expected, troubles, `the hostname of ${role} is ${wanted}`, [
    { what: `docker inspect --format '{{.Config.Hostname}}' ${facts.name}`, output: facts.hostname },
    ...(inFile === undefined
      ? []
      : [{ what: `docker exec ${facts.name} cat /etc/hostname`, output: inFile || '(nothing)' }]),
    { what: `docker inspect --format '{{.Id}}' ${facts.name}`, output: facts.id },
  ]);
}

/** @param repository Of the image that it should run, or that its image should be built from, e.g. `busybox`. */
export function comeFromTheImage(role: Role, repository: string): Finding {
  const { image, ancestors, name } = role.facts;
  // An image that was removed since has no known ancestors; the name by which it was started stays.
  const isIt = [repositoryOf(image), ...ancestors].includes(repository);
  return findingOf(
    `${role} comes from the image ${repository}`,
    isIt ? [] : [`${role} (${name}) comes from the image ${image}, not from ${repository}`],
    `${role} comes from the image ${image}`,
    [{ what: `docker inspect --format '{{.Config.Image}}' ${name}`, output: image }],
  );
}

export function comeFromOneImageThatExposes(roles: Role[], port: number): Finding {
  const key = `${port}/tcp`;
  const images = [...new Set(roles.map(({ facts }) => facts.image))];
  const troubles = [
    ...(roles.every((role) => runsTheSameImage(role, roles[0]!)) ? [] : [whyNotTheSame(roles)]),
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
    `${listed(roles)} run ${listed(images)}, where ${key} is exposed`,
    roles.map(({ facts }) => ({
      what: `docker image inspect --format '{{.Id}} {{json .Config.ExposedPorts}}' ${facts.image}   # the image of ${facts.name}`,
      output: `${facts.imageId} ${facts.exposedByImage.join(' ') || '(none)'}`,
    })),
  );
}

/**
 * An image is its layers and what it says besides: command, environment, ports. Only Compose's labels are left out of account:
 * Compose builds one Dockerfile once for each service, and labels each image with its service.
 */
function runsTheSameImage(one: Role, other: Role): boolean {
  const [a, b] = [one.facts, other.facts];
  if (a.imageId === b.imageId) return true;
  const saysTheSame = a.imageConfig !== undefined && a.imageConfig === b.imageConfig;
  return saysTheSame && a.imageLayers.length > 0 && a.imageLayers.join() === b.imageLayers.join();
}

/** Why two images are not the same, though they may seem so. */
function whyNotTheSame(roles: Role[]): string {
  const layers = new Set(roles.map(({ facts }) => facts.imageLayers.join()));
  const images = `${listed(roles)} run different images (${listed(roles.map(({ facts }) => facts.image))})`;
  return layers.size > 1
    ? images
    : `${images}: their files are the same, but not what they say besides (command, environment, ports …)`;
}

export function haveStartedOn(role: Role, network: Network): Finding {
  const life = lifeOf(role);
  const before = life.moves(network).findLast(({ at }) => at < life.start);
  const why = (): string =>
    life.isComplete ? `${role} was not on ${network} when its process was started` : forgotten(role);
  return findingOf(
    `${role} was started on ${network}`,
    before?.action === 'connect' ? [] : [why()],
    `${role} was on ${network} from the start`,
    [storyOf(role)],
  );
}

export function haveJoinedWhileRunning(role: Role, network: Network): Finding {
  const life = lifeOf(role);
  const joins = life.moves(network).filter(({ action }) => action === 'connect');
  const why = (): string => {
    if (!life.isComplete) return forgotten(role);
    if (joins.length === 0) return `${role} was never connected to ${network}`;
    if (joins.some(({ at }) => at > life.firstStart))
      return `${role} was started again after it had been connected to ${network}`;
    return `${role} was already on ${network} when its process was started`;
  };
  return findingOf(
    `${role} was connected to ${network} while it was running, and the same process still runs`,
    joins.some(({ at }) => at > life.start) ? [] : [why()],
    `${role} was connected to ${network} after its start, and its process has not been started again since`,
    [storyOf(role)],
  );
}

type Moment = Omit<EngineEvent, 'at'> & { at: bigint };

/** The history of one container, from the engine's events. */
interface Life {
  /** When its process was started first and last, in nanoseconds since 1970; they differ after a restart. */
  firstStart: bigint;
  start: bigint;
  /** Whether the start is known: the engine keeps only its last 256 events. */
  isComplete: boolean;
  story: Moment[];
  /** The events of joining and leaving a network. */
  moves(network: Network): Moment[];
}

function lifeOf(role: Role): Life {
  const story = role.lab.survey.history
    .filter(({ container }) => container === role.facts.id)
    .map((event) => ({ ...event, at: BigInt(event.at) }));
  const starts = story.filter(({ action }) => action === 'start').map(({ at }) => at);
  return {
    // If the start is not known, it was before all known events.
    firstStart: starts[0] ?? 0n,
    start: starts.at(-1) ?? 0n,
    isComplete: starts.length > 0,
    story,
    moves: (network) =>
      story.filter(
        ({ action, network: id }) =>
          (action === 'connect' || action === 'disconnect') && id !== undefined && network.is(id),
      ),
  };
}

/** @throws {Withheld} on a live host, where events of others may have displaced the start. */
function forgotten(role: Role): string {
  const why = `the engine no longer knows when ${role} was started: it keeps only its last 256 events`;
  if (role.lab.survey.engine.live) throw new Withheld(why);
  return why;
}

function storyOf(role: Role): Evidence {
  const { networks } = role.lab.survey;
  const nameOf = (id: string): string =>
    networks.find((network) => network.id === id)?.names.at(-1) ?? id.slice(0, ID_CHARACTERS);
  const lines = lifeOf(role).story.map(({ at, action, network }) => {
    const time = new Date(Number(at / 1_000_000n)).toISOString().slice(11, 23);
    return `${time} ${action}${network === undefined ? '' : ` ${action === 'connect' ? 'to' : 'from'} ${nameOf(network)}`}`;
  });
  return {
    what: `docker events --since 1h --until 0s   # what concerns ${role.facts.name}`,
    output: lines.join('\n') || '(nothing)',
  };
}
