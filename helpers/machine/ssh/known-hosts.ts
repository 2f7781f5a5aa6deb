/** Reads known_hosts (its format is in sshd(8)): the host keys that the user already trusts. */
import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';

/**
 * What known_hosts says about a key that a host shows. `changed` means that only other keys are known for this host. A key of
 * another type is `changed`, too, because the host was asked for the known types first.
 */
export type KnownHost = 'known' | 'unknown' | 'changed' | 'revoked';

export interface KnownHostLine {
  file: string;
  /** From 1. */
  line: number;
  revoked: boolean;
  /** Comma-separated patterns, or one hashed name. */
  hosts: string;
  type: string;
  key: Buffer;
}

export interface HostKeyFinding {
  known: KnownHost;
  /** The line of known_hosts that says so; absent for an unknown host. */
  line?: KnownHostLine;
}

const DEFAULT_PORT = 22;

/** Reads known_hosts files. Files that are not there and lines that cannot be understood are passed over. */
export function readKnownHosts(files: string[]): KnownHostLine[] {
  return files.flatMap((file) => {
    try {
      return parseKnownHosts(readFileSync(file, 'utf8'), file);
    } catch {
      return []; // not there, or not readable for this user: ssh(1) passes over it, too
    }
  });
}

/** `@cert-authority` lines are left out, because hosts are never asked for a certificate. */
export function parseKnownHosts(text: string, file: string): KnownHostLine[] {
  return text.split(/\r?\n/).flatMap((content, i) => {
    const fields = content.trim().split(/\s+/);
    const marker = fields[0]?.startsWith('@') === true ? fields.shift() : undefined;
    const [hosts = '', type = '', base64 = ''] = fields;
    const key = Buffer.from(base64, 'base64');
    if (hosts.startsWith('#') || typeOf(key) !== type || type === '') return [];
    if (marker !== undefined && marker !== '@revoked') return [];
    return [{ file, line: i + 1, revoked: marker === '@revoked', hosts, type, key }];
  });
}

/**
 * The names under which a host may be known, best first. A host on another port has a name of its own, but a line
 * for the plain name counts for it too, as with OpenSSH.
 */
export function namesOf(host: { hostName: string; port: number; hostKeyAlias?: string }): string[] {
  if (host.hostKeyAlias !== undefined) return [host.hostKeyAlias.toLowerCase()];
  const name = host.hostName.toLowerCase();
  return host.port === DEFAULT_PORT ? [name] : [`[${name}]:${host.port}`, name];
}

/**
 * @param names As `namesOf` gives them.
 * @param key The raw key, as the host shows it.
 */
export function lookUp(lines: KnownHostLine[], names: string[], key: Buffer): HostKeyFinding {
  const isFor = (line: KnownHostLine): boolean => names.some((name) => matches(line.hosts, name));
  const revoked = lines.find((line) => line.revoked && line.key.equals(key) && isFor(line));
  if (revoked !== undefined) return { known: 'revoked', line: revoked };
  const trusted = lines.filter((line) => !line.revoked);
  const same = trusted.find((line) => line.key.equals(key) && isFor(line));
  if (same !== undefined) return { known: 'known', line: same };
  // A line for the plain name may be about another server, which listens on the usual port. So it does not mean `changed`.
  const other = trusted.find((line) => matches(line.hosts, names[0] ?? ''));
  return other === undefined ? { known: 'unknown' } : { known: 'changed', line: other };
}

/** The types of the keys that are known for a host, in the order of the lines, without repetition. */
export function keyTypesOf(lines: KnownHostLine[], names: string[]): string[] {
  const types = names.flatMap((name) =>
    lines.filter((line) => !line.revoked && matches(line.hosts, name)).map(({ type }) => type),
  );
  return [...new Set(types)];
}

/** A key's fingerprint, as ssh-keygen prints it. */
export function keyFingerprint(key: Buffer): string {
  return `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=+$/, '')}`;
}

/** A key's type, which is the first string in it, with its length before it (RFC 4253, 6.6). Empty when this is not a key. */
export function typeOf(key: Buffer): string {
  if (key.length < 4) return '';
  const end = 4 + key.readUInt32BE(0);
  return end > key.length ? '' : key.toString('latin1', 4, end);
}

function matches(hosts: string, name: string): boolean {
  if (hosts.startsWith('|')) return matchesHash(hosts, name);
  const patterns = hosts.toLowerCase().split(',');
  const excluded = patterns.some((pattern) => pattern.startsWith('!') && matchesPattern(pattern.slice(1), name));
  return !excluded && patterns.some((pattern) => matchesPattern(pattern, name));
}

/** `|1|salt|hash`: HMAC-SHA1 of the name, keyed by the salt, both in base64. */
function matchesHash(hosts: string, name: string): boolean {
  const [, version, salt = '', hash = ''] = hosts.split('|');
  if (version !== '1') return false;
  return createHmac('sha1', Buffer.from(salt, 'base64')).update(name).digest().equals(Buffer.from(hash, 'base64'));
}

/** Only `*` and `?` are special; the brackets of `[host]:port` are ordinary characters. */
function matchesPattern(pattern: string, name: string): boolean {
  const literal = pattern.replace(/[.+^${}()|[\]\\]/g, String.raw`\$&`);
  return new RegExp(`^${literal.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(name);
}
