/** Reads the two ways to write an ssh address. */
import { UsageError } from '../../base/failure.ts';

export interface Address {
  asTyped: string;
  /** As typed; without the brackets of an IPv6 address. */
  host: string;
  user?: string;
  port?: number;
}

const HOW = 'an address of a machine looks like ssh://user@host or ssh://user@host:22';

/**
 * Reads `ssh://[user@]host[:port]`.
 *
 * @throws {UsageError}
 */
export function parseAddress(url: string): Address {
  if (!/^ssh:\/\//i.test(url)) throw new UsageError(`${url}: ${HOW}`);
  return parse(url.slice('ssh://'.length).replace(/\/$/, ''), url);
}

/**
 * Reads one host of a ProxyJump setting: `[user@]host[:port]`, or an address as above.
 *
 * @throws {UsageError}
 */
export function parseHostAndPort(text: string): Address {
  return /^ssh:\/\//i.test(text) ? parseAddress(text) : parse(text, text);
}

function parse(text: string, asTyped: string): Address {
  // The last @ ends the user's name, because in some directories a user's name has an @ in it.
  const [, user, host, port] = /^(?:(.+)@)?(\[[^\]]+\]|[^@:/?#\s[\]]+)(?::(\d+))?$/.exec(text) ?? [];
  if (host === undefined || host.startsWith('-')) throw new UsageError(`${asTyped}: ${HOW}`);
  if (user?.includes(':') === true) {
    throw new UsageError('a password cannot be part of an ssh address: only keys are used to sign in');
  }
  const number = port === undefined ? undefined : Number(port);
  if (number !== undefined && (number < 1 || number > 65_535)) throw new UsageError(`${asTyped}: no port ${number}`);
  return {
    asTyped,
    host: host.replace(/^\[|\]$/g, ''),
    ...(user === undefined ? {} : { user: decode(user, asTyped) }),
    ...(number === undefined ? {} : { port: number }),
  };
}

function decode(user: string, asTyped: string): string {
  try {
    return decodeURIComponent(user);
  } catch {
    throw new UsageError(`${asTyped}: ${HOW}`);
  }
}
