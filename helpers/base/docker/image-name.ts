/** `docker.io/library/mongo:7` → `mongo`, `bitnami/mongodb:6` → `bitnami/mongodb`. */
export function repositoryOf(reference: string): string {
  const name = reference.replace(/@.*/, '').replace(/:[^/:]*$/, '');
  return name.replace(/^docker\.io\//, '').replace(/^library\//, '');
}

/** As an engine lists it: `docker.io/library/web` → `web:latest`. */
export function fullNameOf(reference: string): string {
  const tag = /:([^/:@]*)(?=@|$)/.exec(reference)?.[1] ?? 'latest';
  return `${repositoryOf(reference)}:${tag}`;
}

/**
 * Whether a reference names its registry by an IP address or by a name without a dot. Such a registry is the grading
 * machine itself or in its network, not on the internet.
 */
export function isAtAnAddress(reference: string): boolean {
  const [registry = '', ...rest] = reference.split('/');
  // Docker's own rule: the first part is a registry if it has a dot or colon, or is "localhost".
  if (rest.length === 0 || !(/[.:]/.test(registry) || registry === 'localhost')) return false;
  const host = registry.replace(/:\d+$/, '');
  // 127.0.0.1, and its other spellings: 127.1, 2130706433, 0x7f.1
  return !host.includes('.') || /(^|\.)(\d+|0x[0-9a-f]*)$/i.test(host);
}

/** The course's images by repository, with the tag under which each one's offline stand-in is built. */
export const STAND_INS = {
  nginx: 'nginx:latest',
  python: 'python:3.8.12-slim-buster',
  mongo: 'mongo:latest',
  busybox: 'busybox:latest',
  alpine: 'alpine:latest',
} as const;
