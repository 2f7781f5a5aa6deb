/**
 * Finds addresses, interfaces and names in an answer, which may be one word, a sentence or the output of a command.
 */
import { isIPv6 } from 'node:net';

export interface Address {
  address: string;
  /** Length of the prefix, if it is written with the address. */
  prefix?: number;
}

const DOTTED = /(?<![\w.])(\d{1,3}(?:\.\d{1,3}){3})(?:\/(\d{1,2}))?(?![\w]|\.\d)/g;
/** Words before an address that is not a machine's (e.g. a netmask), in the output of ip, ifconfig and route. */
const NOT_A_MACHINES = /(?:brd|broadcast|bcast|netmask|genmask|mask)[\s:]*$/i;

/** IPv4 addresses of machines, in order, each once. Netmasks, broadcast addresses and networks are left out. */
export function addressesIn(text: string): Address[] {
  const found = new Map<string, Address>();
  for (const match of text.matchAll(DOTTED)) {
    const [, address = '', length] = match;
    const prefix = length === undefined ? undefined : Number(length);
    if (!isMachines(address, prefix) || NOT_A_MACHINES.test(text.slice(0, match.index))) continue;
    const known = found.get(address);
    if (known?.prefix === undefined) found.set(address, { address, ...(prefix === undefined ? {} : { prefix }) });
  }
  return [...found.values()];
}

function isMachines(address: string, prefix: number | undefined): boolean {
  const bytes = bytesOf(address);
  if (bytes.some((byte) => byte > 255) || bytes[0] === 0 || bytes[0]! >= 224) return false;
  return prefix === undefined || prefix > 30 || numberOf(bytes) % 2 ** (32 - prefix) !== 0;
}

/** A text that looks like an address but is not one, e.g. 172.17.0.300. */
export function malformedAddressIn(text: string): string | undefined {
  const dotted = text.match(/(?<![\w.])\d+(?:\.\d+){3,}/g) ?? [];
  return dotted.find((each) => {
    const bytes = bytesOf(each);
    return bytes.length !== 4 || bytes.some((byte) => byte > 255);
  });
}

export function hasIpv6(text: string): boolean {
  return text.split(/[\s,;()[\]"']+/).some((word) => isIPv6(word.replace(/[%/].*/, '')));
}

export function isLoopbackAddress({ address }: Address): boolean {
  return address.startsWith('127.');
}

/** Whether two addresses are in one subnet of this prefix length. */
export function shareSubnet(one: string, other: string, prefix: number): boolean {
  const size = 2 ** (32 - prefix);
  return Math.floor(numberOf(bytesOf(one)) / size) === Math.floor(numberOf(bytesOf(other)) / size);
}

function bytesOf(address: string): number[] {
  return address.split('.').map(Number);
}

function numberOf(bytes: number[]): number {
  return bytes.reduce((sum, byte) => sum * 256 + byte, 0);
}

/** An interface as `ip link` writes it: `13: veth1a2b@if12`; the numbers may be missing. */
export interface InterfaceName {
  name: string;
  index?: number;
  peerIndex?: number;
}

/** The host's ends of veth pairs, each once. */
export function hostEndsIn(text: string): InterfaceName[] {
  return interfacesLike('veth[0-9a-z]+', text);
}

/** Interfaces as they are called inside of a container, each once. */
export function innerEndsIn(text: string): InterfaceName[] {
  return interfacesLike('eth[0-9]+', text);
}

function interfacesLike(pattern: string, text: string): InterfaceName[] {
  const found = new Map<string, InterfaceName>();
  for (const match of text.matchAll(new RegExp(`(?:(\\d+):\\s*)?(?<![\\w-])(${pattern})(?!\\w)(?:@if(\\d+))?`, 'gi'))) {
    const [, index, name = '', peer] = match;
    const known = found.get(name);
    const own = index ?? known?.index;
    const other = peer ?? known?.peerIndex;
    found.set(name, {
      name,
      ...(own === undefined ? {} : { index: Number(own) }),
      ...(other === undefined ? {} : { peerIndex: Number(other) }),
    });
  }
  return [...found.values()];
}

/** Lines and words that stand in every resolv.conf, and words that only say whose address it is. */
const COMMENT = /^\s*[#;]/;
const SAYS_NOTHING = new Set(
  'nameserver nameservers dns server servers ip address addresses search options option ndots edns trust ad timeout attempts the a an it its it’s is are at on in of and now uses use using used container busybox box inside this that by'.split(
    ' ',
  ),
);
/** So many words say something. */
const A_FEW = 2;

/** Whether an answer says something besides addresses and what a resolv.conf has in it, in whatever language. */
export function hasMeaning(text: string): boolean {
  const lines = text.split('\n').filter((line) => !COMMENT.test(line));
  const words = lines
    .join(' ')
    .toLowerCase()
    .split(/[^\p{L}’']+/u)
    .filter((word) => word.length > 1 && !SAYS_NOTHING.has(word));
  return words.length >= A_FEW || words.some((word) => /docker|embedded|internal/.test(word));
}

/** Words that could be names: what Docker allows in the name of a network. */
export function wordsIn(text: string): string[] {
  return text
    .split(/[^\w.-]+/)
    .map((word) => word.replace(/^[._-]+|[._-]+$/g, ''))
    .filter((word) => word !== '');
}

/** Whether a text lists all of Docker's own networks, like `docker network ls`: then it does not name one of them. */
export function listsEveryNetwork(text: string): boolean {
  const words = wordsIn(text.toLowerCase());
  return ['bridge', 'host', 'none'].every((name) => words.includes(name));
}

/** Patterns that introduce a network's name. */
const INTRODUCTIONS = [
  /docker\s+network\s+(?:create|connect)\s+(?:-\S+(?:[= ]\S+)?\s+)*?([a-z0-9][\w.-]*)/i,
  /["'`“‘]([a-z0-9][\w.-]*)["'`”’]/i,
  /\b(?:called|named|name(?:\s+is)?)\b[\s:=]*([a-z0-9][\w.-]*)/i,
];

/** The network's name in an answer; undefined if none can be found. */
export function networkNameIn(text: string): string | undefined {
  const words = wordsIn(text);
  if (words.length === 1) return words[0];
  for (const introduction of INTRODUCTIONS) {
    const name = introduction.exec(text)?.[1];
    if (name !== undefined) return name.replace(/[.-]+$/, '');
  }
  // Names are rarely ordinary words: my-net, net_1, br0.
  return words.find((word) => /^[a-z].*[-_\d]/i.test(word) && word.toLowerCase() !== 'user-defined');
}
