/**
 * Which endpoint of the engine a request goes to (Docker Engine API 1.24 to 1.52). Paths are decoded first, because the
 * engine's router treats an escaped path like a plain one. A path that the router would redirect is refused.
 *
 * helpers/machine/gate/act.ts is simpler: it need not withstand a submission that looks for a way around it.
 */

/** Older versions of the API let a container's start change its settings. */
const OLDEST_MINOR = 24;

/** Bytes of a path. The engine's are shorter by far: they have an id or a name. */
const MOST_PATH = 4096;

export interface Route {
  /** Whether it can change anything. */
  changes: boolean;
  method: string;
  /** Without version and query, decoded, e.g. `/containers/create`. */
  path: string;
  query: URLSearchParams;
}

/** @returns undefined when it is unclear where the request goes. */
export function routeOf(method: string, uri: string): Route | undefined {
  const target = uri.replace(/^https?:\/\/[^/?]*/i, '');
  const [rawPath = '', ...rest] = target.split('?');
  if (rawPath.length > MOST_PATH) return undefined;
  let path: string;
  try {
    path = decodeURIComponent(rawPath);
  } catch {
    return undefined; // wrongly encoded
  }
  const changes = method !== 'GET' && method !== 'HEAD';
  if (!path.startsWith('/') || path.includes('//') || /\/\.{1,2}(\/|$)/.test(path)) return undefined;
  const version = /^\/v([\d.]+)(?=\/)/.exec(path);
  if (version !== null) path = path.slice(version[0].length);
  if (changes && version !== null && !isTaken(version[1] ?? '')) return undefined;
  return { changes, method, path, query: new URLSearchParams(rest.join('?')) };
}

function isTaken(version: string): boolean {
  const minor = /^1\.(\d{2,3})$/.exec(version)?.[1];
  return minor !== undefined && Number(minor) >= OLDEST_MINOR;
}
