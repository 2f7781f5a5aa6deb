/**
 * Whether a packet could pass the firewall: what no probe tells, because a probe is only one packet. A rule may depend on
 * what a probe does not vary (type of service, mark, source port, time). Such a rule may match or not, so both is followed.
 */
import { isInside } from '../../base/docker/addresses.ts';
import { targetOf, type Rule, type Table } from './rules.ts';

/** The first packet of a TCP connection that the machine would forward. */
export interface Packet {
  /** The interfaces by which it comes and leaves. */
  in: string;
  out: string;
  source: string;
  destination: string;
  /** The ports that something listens on at its destination: it is for one of them. */
  ports: number[];
  /** Whether it may have been for another address and port, which a rule of nat has replaced by these. */
  redirected?: boolean;
  /** Whether a rule may have kept conntrack from looking at it. */
  untracked?: boolean;
}

/** The chains that it passes (netfilter's hooks prerouting, forward and postrouting), in order. */
const WAY = [
  ['raw', 'PREROUTING'],
  ['mangle', 'PREROUTING'],
  ['mangle', 'FORWARD'],
  ['filter', 'FORWARD'],
  ['security', 'FORWARD'],
  ['mangle', 'POSTROUTING'],
] as const;

/** Targets after which the next rule is tried. */
const GO_ON = [
  'LOG',
  'NFLOG',
  'ULOG',
  'TRACE',
  'MARK',
  'CONNMARK',
  'TOS',
  'DSCP',
  'TTL',
  'HL',
  'TCPMSS',
  'CT',
  'NOTRACK',
].concat(['SET', 'AUDIT', 'CHECKSUM', 'CLASSIFY', 'CONNSECMARK', 'SECMARK', 'RATEEST', 'TCPOPTSTRIP', 'TEE']);
const LOST = ['DROP', 'REJECT'];

/** Where a packet still has the destination that it was sent to: nat's DNAT comes after these. */
const BEFORE_NAT = 'PREROUTING';

/**
 * Extensions whose options are known, and have no free text. In any other, a word that looks like an option may be a text
 * that somebody has chosen: `-m string --string "-i"`.
 */
const KNOWN_EXTENSIONS = ['conntrack', 'state', 'addrtype', 'tcp', 'multiport'];

const OF_DESTINATION = ['-d', '--dport', '--dports', '--dst-type'];

type Match = 'yes' | 'no' | 'maybe';

/** What may become of a packet in a chain. */
interface Ends {
  /** The rules that may accept it, in order. */
  accepting: Rule[];
  /** Whether it may come out at the end. */
  through: boolean;
}

export interface Passage {
  passes: boolean;
  /** The rules that may let it pass; empty when it passes because no rule is against it. */
  by: { table: Table; rule: Rule }[];
}

/** @param tables Of both backends: a packet has to pass all of them. */
export function passageOf(packet: Packet, tables: Table[]): Passage {
  const by: Passage['by'] = [];
  for (const [name, chain] of WAY)
    for (const table of tables.filter((each) => each.name === name && each.family === 4)) {
      const { accepting, through } = new Walk(
        table,
        packet,
        packet.redirected === true && chain === BEFORE_NAT,
      ).through(chain);
      if (accepting.length === 0 && !(through && table.policies.get(chain) !== 'DROP'))
        return { passes: false, by: [] };
      by.push(...accepting.map((rule) => ({ table, rule })));
    }
  return { passes: true, by };
}

class Walk {
  readonly #chains: Map<string, Rule[]>;
  readonly #policies: Map<string, string>;
  readonly #packet: Packet;
  readonly #sentElsewhere: boolean;
  /** A chain has one end for a packet, however often it is jumped to. */
  readonly #known = new Map<string, Ends>();

  constructor({ rules, policies }: Table, packet: Packet, sentElsewhere: boolean) {
    this.#policies = policies;
    this.#chains = Map.groupBy(rules, ({ chain }) => chain);
    this.#packet = packet;
    this.#sentElsewhere = sentElsewhere;
  }

  through(chain: string): Ends {
    const known = this.#known.get(chain);
    if (known !== undefined) return known;
    const ends: Ends = { accepting: [], through: false };
    this.#known.set(chain, ends); // the kernel allows no chain that jumps to itself
    for (const rule of this.#chains.get(chain) ?? []) if (!this.#goesOn(rule, ends)) return ends;
    ends.through = true;
    return ends;
  }

  /** Enters into `ends` where a rule may lead. @returns whether the next rule may be reached. */
  #goesOn(rule: Rule, ends: Ends): boolean {
    const match = matchOf(rule, this.#packet, this.#sentElsewhere);
    const { target, goes } = targetOf(rule);
    if (match === 'no' || target === undefined || GO_ON.includes(target)) return true;
    const unless = match === 'maybe';
    if (LOST.includes(target)) return unless;
    if (target === 'RETURN') {
      ends.through = true;
      return unless;
    }
    if (this.#policies.has(target)) {
      const there = this.through(target);
      ends.accepting.push(...there.accepting);
      if (goes) ends.through ||= there.through;
      return unless || (there.through && !goes);
    }
    ends.accepting.push(rule); // ACCEPT, or a target that may end in it (NFQUEUE, TPROXY)
    return unless;
  }
}

/** Whether a rule matches a packet. All its conditions have to. @param sentElsewhere Its destination may be another one yet. */
export function matchOf({ words }: Rule, packet: Packet, sentElsewhere = false): Match {
  let match: Match = 'yes';
  let negated = false;
  let extension = '';
  for (let i = 0; i < words.length && words[i] !== '-j' && words[i] !== '-g'; i++) {
    const word = words[i]!;
    if (word === '!') {
      negated = true;
      continue;
    }
    if (word === '-m') {
      extension = words[++i] ?? '';
      continue;
    }
    if (word === '--comment' && extension === 'comment') {
      i++;
      continue;
    }
    const isKnown = extension === '' || KNOWN_EXTENSIONS.includes(extension);
    const value = words[i + 1] ?? '';
    const one = isKnown ? conditionOf(word, value, packet) : undefined;
    if (one !== undefined) i++;
    const isOpen = one === undefined || one === 'maybe' || (sentElsewhere && OF_DESTINATION.includes(word));
    const met = isOpen ? 'maybe' : negated === (one === 'yes') ? 'no' : 'yes';
    if (met === 'no') return 'no';
    if (met === 'maybe') match = 'maybe';
    negated = false;
  }
  return match;
}

/** @returns undefined for a condition that is not known. */
function conditionOf(option: string, value: string, packet: Packet): Match | undefined {
  const when = (met: boolean): Match => (met ? 'yes' : 'no');
  switch (option) {
    case '-i':
      return when(isInterface(value, packet.in));
    case '-o':
      return when(isInterface(value, packet.out));
    case '-s':
      return inSubnet(packet.source, value);
    case '-d':
      return inSubnet(packet.destination, value);
    case '-p':
      return when(['tcp', '6', 'all'].includes(value));
    case '--dport':
    case '--dports':
      return portsMatch(value, packet.ports);
    case '--ctstate':
    case '--state':
      return isInState(value.split(','), packet);
    case '--dst-type':
      return value === 'LOCAL' ? 'no' : 'maybe';
    default:
      return undefined;
  }
}

/** A first packet is neither ESTABLISHED nor RELATED. It may be malformed, and so INVALID. */
function isInState(states: string[], { redirected = false, untracked = false }: Packet): Match {
  if (states.includes('NEW') && !untracked) return 'yes';
  const possible = ['INVALID', ...(untracked ? ['NEW', 'UNTRACKED'] : []), ...(redirected ? ['DNAT'] : [])];
  return states.some((state) => possible.includes(state)) ? 'maybe' : 'no';
}

/** @param subnet With a prefix length. What is saved with a mask of another kind is not followed. */
function inSubnet(address: string, subnet: string): Match {
  if (!/^[\d.]+\/\d+$/.test(subnet)) return 'maybe';
  const met = subnet.endsWith('/32') ? subnet === `${address}/32` : isInside(address, subnet);
  return met ? 'yes' : 'no';
}

function isInterface(pattern: string, name: string): boolean {
  return pattern.endsWith('+') ? name.startsWith(pattern.slice(0, -1)) : pattern === name;
}

/** @param value E.g. `80`, `80:90`, `80,443,8000:8080`. */
function portsMatch(value: string, ports: number[]): Match {
  const ranges = value.split(',').map((range) => range.split(':').map(Number) as [number, number?]);
  const met = ports.filter((port) => ranges.some(([first, last = first]) => port >= first && port <= last));
  return met.length === 0 ? 'no' : met.length === ports.length ? 'yes' : 'maybe';
}
