/** Where rules lead that send packets on to another address or port: ways in that no container publishes. */
import type { ContainerFacts } from '../facts.ts';
import { addressesOf, isLoopback, usesHostSandbox } from '../subjects.ts';
import { targetOf, commandFor, type Rule, type Table } from './rules.ts';

/** A rule that forwards, and the ports at which it may be tried. */
export interface Door {
  /** The command that makes the rule. */
  rule: string;
  family: 4 | 6;
  /** The address that packets have to be for; absent if any will do. */
  address?: string;
  ports: number[];
  /** Where they are sent; without an address, to the machine itself. */
  to: { address?: string; port?: number };
}

const FORWARDING = ['DNAT', 'REDIRECT', 'NETMAP', 'TPROXY'];
const TO = ['--to-destination', '--to-ports', '--to', '--on-port'];
/** So many are tried; who makes more has hidden something, and all are shown. */
const MOST_DOORS = 16;
const MOST_PORTS = 8;

/**
 * @param added The rules that the engine did not make.
 * @param native Those of nftables' own.
 */
export function doorsIn(added: { table: Table; rule: Rule }[], native: NativeRule[]): Door[] {
  // The port may be said by another rule, which jumps to the chain of this one.
  const mentioned = added.filter(({ table }) => table.name === 'nat').flatMap(({ rule }) => portsIn(rule));
  const saved = added
    .filter(({ rule }) => FORWARDING.includes(targetOf(rule).target ?? ''))
    .map(({ table, rule }) => doorOf(table, rule, mentioned));
  return [...saved, ...nativeDoors(native)].filter(({ ports }) => ports.length > 0).slice(0, MOST_DOORS);
}

function doorOf(table: Table, rule: Rule, mentioned: number[]): Door {
  const to = destinationIn(valueOf(rule, TO) ?? '');
  const wanted = valueOf(rule, ['-d']);
  const own = portsIn(rule);
  // A rule that says no port forwards whatever gets to it. Somebody else may answer at the port that it sends to.
  const guessed = mentioned.length > 0 || to.port === undefined ? mentioned : [to.port];
  const ports = own.length > 0 ? own : guessed;
  const single = wanted !== undefined && /\/(32|128)$/.test(wanted) && rule.words[rule.words.indexOf('-d') - 1] !== '!';
  return {
    rule: commandFor(table, rule),
    family: table.family,
    ...(single && { address: wanted.replace(/\/.*/, '') }),
    ports: [...new Set(ports)].slice(0, MOST_PORTS),
    to,
  };
}

function valueOf({ words }: Rule, options: string[]): string | undefined {
  const at = words.findIndex((word) => options.includes(word));
  return at === -1 ? undefined : words[at + 1];
}

/** Of a range of ports, the first and the last. */
function portsIn(rule: Rule): number[] {
  const value = valueOf(rule, ['--dport', '--dports']) ?? '';
  return value
    .split(/[,:]/)
    .map(Number)
    .filter((port) => port > 0);
}

/** @param text `10.0.0.2:80`, `10.0.0.2`, `80`, `[2001:db8::2]:80`, ranges of them: then the first. */
function destinationIn(text: string): Door['to'] {
  const [, v6, v4, port] = /^(?:\[([\da-f:]+)\]|(\d+\.\d+\.\d+\.\d+))?(?:-[\d.]+)?:?(\d+)?/.exec(text) ?? [];
  const address = v6 ?? v4;
  return { ...(address !== undefined && { address }), ...(port !== undefined && { port: Number(port) }) };
}

/** Where a door is tried: at its own address, or at the given ones of its family. */
export function placesOf(doors: Door[], addresses: string[]): { door: Door; address: string; port: number }[] {
  return doors.flatMap((door) => {
    const ofFamily = addresses.filter((address) => address.includes(':') === (door.family === 6));
    const at = door.address === undefined ? ofFamily : [door.address];
    return at.flatMap((address) => door.ports.map((port) => ({ door, address, port })));
  });
}

/** The container that a door leads to: by its address, or because it is at the machine's port itself. */
export function beyond({ to }: Door, containers: ContainerFacts[]): { container: string } | undefined {
  const { address, port } = to;
  const isAt = (each: ContainerFacts): boolean =>
    addressesOf(each).includes(address ?? '') && each.sandboxOf === each.name;
  const publishes = ({ published }: ContainerFacts): boolean => published.some(({ hostPort }) => hostPort === port);
  const found =
    address === undefined || isLoopback(address)
      ? (containers.find(publishes) ?? containers.find(usesHostSandbox))
      : containers.find(isAt);
  return found && { container: found.name };
}

/** A rule of nft's own (nft(8), "NAT statements"): `tcp dport 31337 dnat to 10.0.0.2:27017`. */
const NATIVE = /^\s*(.*?(?:dnat(?: ip6?)? to (\S+)|redirect to (\S+)).*)$/;

function nativeDoors(rules: NativeRule[]): Door[] {
  return rules.flatMap(({ text, command }): Door[] => {
    const [, whole = '', to, redirected] = NATIVE.exec(text) ?? [];
    const port = Number(/ dport \{? ?(\d+)/.exec(` ${whole}`)?.[1] ?? 0);
    const destination = destinationIn(to ?? redirected?.slice(1) ?? '');
    if (whole === '') return [];
    const family = destination.address?.includes(':') === true ? 6 : 4;
    return [{ rule: command, family, ports: port > 0 ? [port] : [], to: destination }];
  });
}

/** iptables' own tables are read by its own tools, unless they cannot. */
const OF_IPTABLES = /^table ip6? (filter|nat|mangle|raw|security)$/;

/** A rule as nft lists it, and the command that makes it. */
export interface NativeRule {
  text: string;
  command: string;
}

/**
 * The rules of nftables' own, from `nft list ruleset`.
 *
 * @param shown Whether iptables' tools show all of iptables' tables. If not, these are read here, too.
 */
export function nativeRules(ruleset: string, shown: boolean): NativeRule[] {
  let table = '';
  let chain = '';
  return ruleset.split('\n').flatMap((line) => {
    const text = line.trim();
    if (text.startsWith('table ')) table = text.replace(' {', '');
    else if (text.startsWith('chain ')) chain = text.replace('chain ', '').replace(' {', '');
    else if (text === '}') chain = '';
    else if (text !== '' && chain !== '' && !text.startsWith('type ') && !(shown && OF_IPTABLES.test(table)))
      return [{ text, command: `nft add rule ${table.replace('table ', '')} ${chain} ${text}` }];
    return [];
  });
}
