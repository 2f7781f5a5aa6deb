/** Where `ssh://…` leads: the address that was typed, with everything that the user's ssh config adds to it. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../../base/failure.ts';
import { parseAddress, parseHostAndPort, type Address } from './address.ts';
import { settingsOf, type Settings } from './settings.ts';

export interface SshTarget {
  /** The address as the user typed it, for messages. */
  asTyped: string;
  hostName: string;
  port: number;
  user: string;
  /** Absolute paths of private keys. Those that the config names need not exist. */
  identityFiles: string[];
  /** Whether only these keys may be offered, though an agent has more. */
  identitiesOnly: boolean;
  /** The agent's socket, or `none`. If absent, the environment names the socket. */
  identityAgent?: string;
  /** Files with known host keys, the user's own first; they need not exist. */
  knownHostsFiles: string[];
  /** The name under which the host's key is known, in place of its own. */
  hostKeyAlias?: string;
  /** The jump hosts on the way, the one nearest to this machine first. Their own `jumps` are empty. */
  jumps: SshTarget[];
}

export interface TargetOptions {
  home: string;
  env: NodeJS.ProcessEnv;
  /** The local user's name. It is used on the other machine, too, if neither the address nor the config names a user. */
  userName: string;
}

const DEFAULT_KEYS = ['id_ed25519', 'id_ecdsa', 'id_rsa'];
export const DEFAULT_PORT = 22;
const JUMP_LIMIT = 8;

/**
 * Parses ssh://[user@]host[:port] and applies the user's ssh config (~/.ssh/config; not the system's).
 *
 * Of the config these count: Host, Match (without `exec`, which is taken as not matching: no command of a config is run),
 * Include, HostName, User, Port, IdentityFile, IdentityAgent, IdentitiesOnly, UserKnownHostsFile, GlobalKnownHostsFile,
 * HostKeyAlias and ProxyJump. Host keys are always checked, whatever StrictHostKeyChecking says.
 *
 * @throws {UsageError} when the address is not of this form, or the config needs what is not supported.
 */
export function resolveTarget(url: string, options: TargetOptions): SshTarget {
  return resolve(parseAddress(url), options, []);
}

/** @param way The hosts whose configs led to this one, as typed. They are remembered to notice a way that goes round in a circle. */
function resolve(address: Address, options: TargetOptions, way: string[]): SshTarget {
  const settings = settingsOf(address.host, address.user, options.home);
  const jumps = jumpsOf(settings, address, options, way);
  return { ...withoutJumps(settings, address, options), jumps };
}

function withoutJumps(settings: Settings, address: Address, options: TargetOptions): SshTarget {
  const first = (name: string): string | undefined => settings.get(name)?.[0];
  const hostName = expand(first('hostname') ?? address.host, { '%h': address.host }, address);
  const user = address.user ?? first('user') ?? options.userName;
  const port = address.port ?? portOf(first('port') ?? String(DEFAULT_PORT), address);
  const tokens = {
    '%h': hostName,
    '%n': address.host,
    '%p': String(port),
    '%r': user,
    '%d': options.home,
    '%u': options.userName,
  };
  const fileOf = (text: string): string => {
    const known = text.replaceAll(/\$\{(\w+)\}/g, (_, name: string) => options.env[name] ?? '');
    return path.resolve(options.home, expand(known, tokens, address).replace(/^~(?=\/)/, options.home));
  };
  const filesOf = (name: string, defaults: string[]): string[] => {
    const files = settings.get(name) ?? defaults;
    return [...new Set(files.filter((file) => file.toLowerCase() !== 'none').map(fileOf))];
  };
  const agent = agentOf(first('identityagent'), fileOf, options.env);
  const alias = first('hostkeyalias');
  return {
    asTyped: address.asTyped,
    hostName,
    port,
    user,
    identityFiles: settings.has('identityfile')
      ? filesOf('identityfile', [])
      : DEFAULT_KEYS.map((name) => path.join(options.home, '.ssh', name)).filter((file) => existsSync(file)),
    identitiesOnly: first('identitiesonly')?.toLowerCase() === 'yes',
    ...(agent === undefined ? {} : { identityAgent: agent }),
    knownHostsFiles: [
      ...filesOf('userknownhostsfile', ['~/.ssh/known_hosts', '~/.ssh/known_hosts2']),
      ...filesOf('globalknownhostsfile', ['/etc/ssh/ssh_known_hosts', '/etc/ssh/ssh_known_hosts2']),
    ],
    ...(alias === undefined ? {} : { hostKeyAlias: alias }),
    jumps: [],
  };
}

function agentOf(
  value: string | undefined,
  fileOf: (text: string) => string,
  env: NodeJS.ProcessEnv,
): string | undefined {
  if (value === undefined || value === 'SSH_AUTH_SOCK') return undefined;
  if (value.toLowerCase() === 'none') return 'none';
  // "$NAME": the variable holds the socket's path.
  if (/^\$\w+$/.test(value)) return env[value.slice(1)] ?? 'none';
  return fileOf(value);
}

function jumpsOf(settings: Settings, address: Address, options: TargetOptions, way: string[]): SshTarget[] {
  // As in OpenSSH, the one of the two that comes first counts, and the other is ignored.
  const proxy = [...settings.keys()].find((name) => name === 'proxyjump' || name === 'proxycommand');
  const [value = 'none'] = settings.get(proxy ?? '') ?? [];
  if (value.toLowerCase() === 'none') return [];
  if (proxy === 'proxycommand') {
    throw new UsageError(
      `${address.asTyped}: the ssh config reaches this host with a ProxyCommand, which is not supported; ProxyJump is. ` +
        'If the command only leads over another host, write `ProxyJump that-host` in its place.',
    );
  }
  const longer = [...way, address.host];
  if (longer.length > JUMP_LIMIT || way.includes(address.host)) {
    throw new UsageError(`the ssh config leads in a circle: ${longer.join(' → ')} (ProxyJump)`);
  }
  // Only for the first jump host, its own config's jump hosts count. Each other one is reached through the one before it.
  return value.split(',').flatMap((text, i) => {
    const jump = parseHostAndPort(text.trim());
    if (i > 0) return [withoutJumps(settingsOf(jump.host, jump.user, options.home), jump, options)];
    const { jumps, ...itself } = resolve(jump, options, longer);
    return [...jumps, { ...itself, jumps: [] }];
  });
}

function portOf(text: string, { asTyped }: Address): number {
  const port = /^\d+$/.test(text) ? Number(text) : NaN;
  if (port >= 1 && port <= 65_535) return port;
  throw new UsageError(`${asTyped}: the ssh config's Port ${text} is not a port`);
}

/** Replaces the tokens of ssh_config(5) that are known here. An unknown one is an error, because the file's name would be wrong. */
function expand(text: string, tokens: Record<string, string>, { asTyped }: Address): string {
  return text.replaceAll(/%./g, (token) => {
    if (token === '%%') return '%';
    const value = tokens[token];
    if (value !== undefined) return value;
    throw new UsageError(`${asTyped}: the ssh config says ${text}, but ${token} is not supported there`);
  });
}
