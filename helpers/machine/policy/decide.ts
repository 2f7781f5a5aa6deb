/**
 * The policy of a lab host's engine: decides whether a request may be carried out. Requests that only read must be known;
 * those that change something must be known and harmless. What cannot be read is denied.
 */
import { fieldOf, isNothing, readBody, type Json } from './body.ts';
import { deniedContainer, deniedExec, deniedUpdate } from './container-rules.ts';
import { denial, type Denial } from './denial.ts';
import { deniedBuild, deniedLoad, deniedPull } from './image-rules.ts';
import { deniedVolume } from './mount-rules.ts';
import { deniedNetwork } from './network-rules.ts';
import { routeOf, type Route } from './route.ts';
import type { Counted, PolicyContext, PolicyRules } from './rules.ts';
import { deniedInSwarm, deniedLookAtSwarm } from './swarm-rules.ts';

/**
 * A request as the engine describes it to an authorization plugin ("Access authorization plugin" in Docker's
 * documentation).
 */
export interface ApiRequest {
  method: string;
  uri: string;
  /** One value per name. */
  headers: Record<string, string>;
  /** Present if it is JSON of less than 1 MiB: the engine shows nothing else. */
  body?: string | undefined;
  /** Whether the lab host's door to its swarm sent it, which lets nobody see a token. */
  throughDoor?: boolean;
}

export interface Decision {
  denied?: Denial;
  /** The kind of thing that the request creates, to be counted. */
  makes?: Counted | 'fleeting';
}

/** Requests that only read. What the engine says of itself to those who mend it (`/debug/…`) is not among them. */
const READS = [
  /^\/(_ping|version|info|events|system\/df)$/,
  /^\/containers\/(json|[^/]+\/(json|top|logs|changes|export|stats|archive|attach\/ws))$/,
  /^\/exec\/[^/]+\/json$/,
  /^\/images\/(json|get|search|.+\/(json|history|get))$/,
  /^\/distribution\/.+\/json$/,
  /^\/(networks|volumes)(\/[^/]+)?$/,
  /^\/(swarm|nodes|services|tasks|secrets|configs|plugins)(\/|$)/,
];

/** Requests whose body is an archive or a conversation: the engine reads it bit by bit. All other bodies are small. */
const STREAMS = /^\/(build|images\/(load|create)|session|grpc|containers\/[^/]+\/archive)$/;
/** Bytes of a body that the engine does not show. Only that of a login is one that it reads. */
const MOST_HIDDEN = 65_536;

/** Requests that change only the submission's own things; also terminals and build sessions. */
const HARMLESS: [string, RegExp][] = [
  ['POST', /^\/containers\/[^/]+\/(stop|restart|kill|rename|pause|unpause|attach|wait|resize)$/],
  ['POST', /^\/exec\/[^/]+\/(start|resize)$/],
  ['PUT', /^\/containers\/[^/]+\/archive$/],
  ['POST', /^\/networks\/[^/]+\/(connect|disconnect)$/],
  ['DELETE', /^\/(containers|networks|volumes)\/[^/]+$/],
  ['DELETE', /^\/images\/.+$/],
  ['POST', /^\/(containers|networks|volumes|images|build)\/prune$/],
  ['POST', /^\/(auth|build\/cancel|swarm\/leave)$/],
  // BuildKit's protocols; see image-rules.ts.
  ['POST', /^\/(session|grpc)$/],
];

const UNREADABLE = denial(
  'a request whose content cannot be read',
  'netgrade can only check JSON up to a certain length, in which no key comes twice and all are the engine’s own',
  'Use the docker command, and make the request smaller.',
);
const UNKNOWN = denial(
  'a request that netgrade does not know',
  'only requests that are known to be harmless are carried out',
  'Use docker run, docker build, docker network, docker volume or docker compose.',
);
const PLUGINS = denial(
  'installing or changing a plugin of the engine',
  'a plugin is root on the machine',
  'Do without it: Docker’s own drivers are there.',
);
const PUSH = denial('pushing an image', 'nothing leaves a lab host', 'Leave docker push out.');
const CHECKPOINT = denial(
  'starting a container from a checkpoint',
  'it would be started with other settings than its own',
  'Start it with docker start NAME.',
);

export function decide(request: ApiRequest, rules: PolicyRules, context: PolicyContext): Decision {
  const route = routeOf(request.method, request.uri);
  if (route === undefined) return { denied: UNKNOWN };
  if (!route.changes)
    return READS.some((pattern) => pattern.test(route.path))
      ? only(deniedLookAtSwarm(route.path, request.throughDoor === true))
      : { denied: UNKNOWN };
  // The engine would read parameters of the URL from such a body.
  if (/^(application\/x-www-form-urlencoded|multipart\/)/i.test(headerOf(request, 'content-type')))
    return { denied: UNREADABLE };
  if (hidesMuch(request, route)) return { denied: UNREADABLE };
  return decideChange(route, request, rules, context);
}

function decideChange(
  { method, path, query }: Route,
  { body: text, throughDoor = false }: ApiRequest,
  rules: PolicyRules,
  context: PolicyContext,
): Decision {
  // The engine may have a body that it does not show us (CVE-2024-41110), so a missing body is not taken for an empty
  // one.
  const withBody = (judge: (body: Json) => Decision): Decision => {
    try {
      return text === undefined || text === '' ? { denied: UNREADABLE } : judge(readBody(text));
    } catch {
      return { denied: UNREADABLE }; // no JSON, or one that can be read in two ways
    }
  };
  const making = (makes: Counted | 'fleeting', denied?: Denial): Decision =>
    denied === undefined ? { makes } : { denied };

  if (HARMLESS.some(([verb, pattern]) => verb === method && pattern.test(path))) return {};
  if (/^\/plugins(\/|$)/.test(path)) return { denied: PLUGINS };
  if (/^\/(services|tasks|secrets|configs|nodes|swarm)(\/|$)/.test(path)) {
    const judged = (body?: Json): Decision => {
      const denied = deniedInSwarm({ method, path }, body, rules, throughDoor);
      return denied === 'unknown' ? { denied: UNKNOWN } : only(denied);
    };
    return rules.swarm && /^\/swarm\/(init|update)$/.test(path) ? withBody(judged) : judged();
  }
  if (method !== 'POST') return { denied: UNKNOWN };
  if (path === '/containers/create')
    return withBody((body) => {
      const fleeting = fieldOf(fieldOf(body, 'HostConfig'), 'AutoRemove') === true;
      return making(fleeting ? 'fleeting' : 'container', deniedContainer(body, context));
    });
  if (path === '/networks/create') return withBody((body) => making('network', deniedNetwork(body)));
  if (path === '/volumes/create')
    return withBody((body) =>
      isNothing(fieldOf(body, 'ClusterVolumeSpec'))
        ? making('volume', deniedVolume(fieldOf(body, 'Driver'), fieldOf(body, 'DriverOpts'), context))
        : { denied: UNKNOWN },
    );
  if (/^\/containers\/[^/]+\/exec$/.test(path)) return withBody((body) => only(deniedExec(body)));
  if (/^\/containers\/[^/]+\/update$/.test(path)) return withBody((body) => only(deniedUpdate(body, context)));
  if (/^\/containers\/[^/]+\/start$/.test(path)) return decideStart(query, text);
  if (path === '/build') return making('image', deniedBuild(query, rules));
  if (path === '/images/create') return only(deniedPull(query, rules));
  if (path === '/images/load') return only(deniedLoad(rules));
  if (path === '/commit' || /^\/images\/.+\/tag$/.test(path)) return making('image');
  if (/^\/images\/.+\/push$/.test(path)) return { denied: PUSH };
  return { denied: UNKNOWN };
}

/** A start with settings is denied. (Only APIs before 1.24 accept these, and routeOf() denies such versions.) */
function decideStart(query: URLSearchParams, text = ''): Decision {
  if (query.get('checkpoint')) return { denied: CHECKPOINT };
  return ['', '{}', 'null'].includes(text.trim()) ? {} : { denied: UNREADABLE };
}

function only(denied: Denial | undefined): Decision {
  return denied === undefined ? {} : { denied };
}

/**
 * Whether a request may have a large body that the engine would read as a whole. The engine shows JSON of less than 1 MiB, but
 * for that of a login (`drainBody` and `sendBody` in moby's pkg/authorization), and reads no other body as a whole. A body
 * without a length comes in chunks of any number; then the type tells that there is one.
 */
function hidesMuch(request: ApiRequest, { path }: Route): boolean {
  if (STREAMS.test(path) || (request.body ?? '') !== '') return false;
  const length = headerOf(request, 'content-length');
  return length === '' ? hasHeader(request, 'content-type') : !(Number(length) <= MOST_HIDDEN);
}

function hasHeader({ headers }: ApiRequest, name: string): boolean {
  return Object.keys(headers).some((each) => each.toLowerCase() === name);
}

/** @param name In lower case. */
export function headerOf({ headers }: ApiRequest, name: string): string {
  return Object.entries(headers).find(([each]) => each.toLowerCase() === name)?.[1] ?? '';
}
