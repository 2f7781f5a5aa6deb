/** Classifies requests to the Docker Engine's API (1.40 to 1.52): what a request will do, and to what. */

export type Thing = 'container' | 'network' | 'volume' | 'image';

export type Act =
  /** Changes nothing. */
  | { act: 'look' }
  /** Creates something new with an id of its own. */
  | { act: 'make'; what: Exclude<Thing, 'image'>; name?: string }
  | { act: 'change'; what: Thing; ref: string }
  /** Connects a container, which the body names, to a network, or disconnects it. */
  | { act: 'attach' }
  /** Adds images or tags: pulls, builds, loads, tags. */
  | { act: 'supply' }
  /** May affect anything on the machine (e.g. prune), or changes the machine itself. */
  | { act: 'sweep'; what: string };

const VERSION = /^\/v\d+\.\d+(?=\/)/;
const LOOKS = /^\/(containers\/[^/]+\/wait|auth|distribution)/;
const SUPPLIES = /^\/(images\/create|images\/load|images\/.+\/(tag|push)|build|session|grpc|commit|exec\/)/;
const COLLECTIONS: [RegExp, Thing][] = [
  [/^\/containers\/([^/]+)(\/|$)/, 'container'],
  [/^\/networks\/([^/]+)(\/|$)/, 'network'],
  [/^\/volumes\/([^/]+)(\/|$)/, 'volume'],
  [/^\/images\/(.+)$/, 'image'],
];

/** @param url Path and query, as in the request line. Submissions send anything. */
export function actOf(method: string, url: string): Act {
  try {
    return readAct(method, url);
  } catch {
    return { act: 'sweep', what: `send what is no request (${method} ${url})` };
  }
}

/** @throws {Error} when the path is malformed. */
function readAct(method: string, url: string): Act {
  const { pathname, searchParams } = new URL(url, 'http://engine');
  const path = pathname.replace(VERSION, '');
  if (method === 'GET' || method === 'HEAD' || LOOKS.test(path)) return { act: 'look' };
  if (method === 'POST' && path === '/containers/create') return named('container', searchParams);
  if (method === 'POST' && path === '/networks/create') return { act: 'make', what: 'network' };
  if (method === 'POST' && path === '/volumes/create') return { act: 'make', what: 'volume' };
  if (path.endsWith('/prune')) return { act: 'sweep', what: `remove all unused things (${path.slice(1)})` };
  if (/^\/networks\/[^/]+\/(connect|disconnect)$/.test(path)) return { act: 'attach' };
  // Starting an exec is allowed, because creating it in its container was checked.
  if (method === 'POST' && SUPPLIES.test(path)) return { act: 'supply' };
  for (const [pattern, what] of COLLECTIONS) {
    const ref = pattern.exec(path)?.[1];
    if (ref !== undefined) return { act: 'change', what, ref: decodeURIComponent(ref) };
  }
  return { act: 'sweep', what: `change the machine itself (${method} ${path})` };
}

function named(what: 'container', query: URLSearchParams): Act {
  const name = query.get('name');
  return { act: 'make', what, ...(name === null ? {} : { name }) };
}
