/** `docker.io/library/mongo:7` → `mongo`, `bitnami/mongodb:6` → `bitnami/mongodb`. */
export function repositoryOf(reference: string): string {
  const name = reference.replace(/@.*/, '').replace(/:[^/:]*$/, '');
  return name.replace(/^docker\.io\//, '').replace(/^library\//, '');
}

/**
 * Whether a reference names a registry by an address or by a name without a dot: one of the network that the grading
 * machine is in, or that machine itself, and not a registry of the internet.
 */
export function isAtAnAddress(reference: string): boolean {
  const [registry = '', ...rest] = reference.split('/');
  // As Docker tells a registry from a part of the name.
  if (rest.length === 0 || !(/[.:]/.test(registry) || registry === 'localhost')) return false;
  const host = registry.replace(/:\d+$/, '');
  // 127.0.0.1, and its other spellings: 127.1, 2130706433, 0x7f.1
  return !host.includes('.') || /(^|\.)(\d+|0x[0-9a-f]*)$/i.test(host);
}

/** The course's images by repository, each under the tag that its offline stand-in is built as. */
export const STAND_INS = {
  nginx: 'nginx:latest',
  python: 'python:3.8.12-slim-buster',
  mongo: 'mongo:latest',
  busybox: 'busybox:latest',
  alpine: 'alpine:latest',
} as const;
