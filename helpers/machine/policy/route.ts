/**
 * Which of the engine's doors a request goes to (Docker Engine API 1.24 to 1.52). The engine's router takes an escaped
 * path for the same as a plain one, so that is done here; a path that it would redirect is nobody's.
 *
 * helpers/machine/gate/act.ts asks less of a request: it tells changes from looks for somebody who does not look for a way around.
 */

/** Before this version, a container took its settings when it was started. */
const OLDEST_MINOR = 24;

export interface Route {
  /** Whether it can change anything. */
  changes: boolean;
  method: string;
  /** Without version and query, decoded, e.g. `/containers/create`. */
  path: string;
  query: URLSearchParams;
}

/** @returns undefined when it is not to be told where it goes. */
export function routeOf(method: string, uri: string): Route | undefined {
  const target = uri.replace(/^https?:\/\/[^/?]*/i, '');
  const [rawPath = '', ...rest] = target.split('?');
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
