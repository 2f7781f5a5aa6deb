/**
 * Judges answers about the student's own machine, which we have not seen. They must be of the kind that was asked for,
 * and must be consistent with each other and with what Docker does. Each trouble names the two answers that contradict
 * each other, or the fact that contradicts an answer.
 */
import { EMBEDDED_DNS } from '../../base/docker/addresses.ts';
import { BusyboxAnswers, type BusyboxQuestion } from './busybox-questions.ts';
import {
  hasIpv6,
  hasMeaning,
  isLoopbackAddress,
  listsEveryNetwork,
  malformedAddressIn,
  networkNameIn,
  shareSubnet,
  wordsIn,
  type Address,
} from './extract.ts';
import { quote, sameSet, type Given, type Judgement } from './judgement.ts';

/** The default bridge network's usual subnet; an administrator can choose another one. */
const USUAL_POOL = { network: '172.17.0.0', prefix: 16 };
/** Without a prefix length, two addresses in one /16 may be in one subnet, and two in one /24 must be. */
const WIDE = 16;
const NARROW = 24;
/** The nameservers that Docker gives a container if its host has none but on loopback (libnetwork's resolvconf package). */
const FALLBACK = ['8.8.8.8', '8.8.4.4'];
/**
 * Subnets in which a virtual machine has its nameserver: Docker Desktop's (its setting "Docker subnet", by default
 * 192.168.65.0/24) and Lima's, which Colima and Rancher Desktop use (192.168.5.0/24, by its documentation of networks).
 */
const VIRTUAL_MACHINES = ['192.168.65.0', '192.168.5.0'];
const DOCKERS_OWN = ['bridge', 'host', 'none', 'docker0', 'default'];

type Rule = (answers: BusyboxAnswers) => Omit<Judgement, 'seen'>;

const RULES: Record<BusyboxQuestion, Rule> = {
  q1: (answers) => ({
    expected: 'q1 names the network that a container is on when none is named',
    trouble: firstNetworkTrouble(answers),
  }),
  q2: (answers) => ({
    expected: 'q2 names one interface of the host: the outer end of a pair, as Docker calls these',
    trouble: onlyOne('q2', answers, answers.hostEnds(), 'interface called veth and something'),
  }),
  q3: (answers) => ({
    expected: "q3 names the container's first interface, and the numbers of both ends match if q2 and q3 give them",
    trouble: innerEndTrouble(answers),
  }),
  q4: (answers) => ({
    expected: 'q4 is an IPv4 address that a container can have',
    trouble: addressTrouble('q4', answers.text('q4'), answers.own()),
  }),
  q5: (answers) => ({
    expected: 'q5 is the address of a gateway in the subnet of q4, and not q4 itself',
    trouble: gatewayTrouble(answers),
  }),
  q6: (answers) => ({
    expected: 'q6 shows that the address of docker0 is that of q5',
    trouble: docker0Trouble(answers),
  }),
  q7: (answers) => ({
    expected: 'q7 names nameservers that a container on the default bridge can have',
    trouble: containerServersTrouble(answers),
  }),
  q8: (answers) => ({
    expected:
      "q8 names the same nameservers as q7, apart from those on the host's loopback, where no container can ask",
    trouble: hostServersTrouble(answers),
  }),
  q9: (answers) => ({ expected: 'q9 names a network that you made yourself', trouble: networkTrouble(answers) }),
  q10: (answers) => ({
    expected: 'q10 names two addresses in different subnets, one of them that of q4',
    trouble: bothAddressesTrouble(answers),
  }),
  q11: (answers) => ({
    expected: `q11 names Docker's own nameserver, and says what that means`,
    trouble: embeddedServerTrouble(answers),
  }),
};

/** The earlier answer that an answer is compared with. */
const COMPARED_WITH: Partial<Record<BusyboxQuestion, BusyboxQuestion>> = {
  q3: 'q2',
  q5: 'q4',
  q6: 'q5',
  q8: 'q7',
  q10: 'q4',
};

/** Judges one answer against Docker and against earlier answers. */
export function judgeConsistency(question: BusyboxQuestion, given: Given): Judgement {
  const answers = new BusyboxAnswers(given);
  const text = answers.text(question);
  const { expected, trouble } = RULES[question](answers);
  return {
    expected,
    trouble: text === '' ? `${question} has no answer` : trouble,
    seen: `${question} says ${quote(text)}`,
  };
}

export function comparedWith(question: BusyboxQuestion): BusyboxQuestion | undefined {
  return COMPARED_WITH[question];
}

/** The earlier answer that this one is compared with, if it is wrong: then this one cannot be judged. */
export function missingGround(
  question: BusyboxQuestion,
  given: Given,
): { question: BusyboxQuestion; trouble: string } | undefined {
  const earlier = COMPARED_WITH[question];
  // q3 can be judged alone: only the interfaces' numbers are compared, and not everybody gives these.
  if (earlier === undefined || question === 'q3') return undefined;
  const { trouble } = judgeConsistency(earlier, given);
  return trouble === undefined ? undefined : { question: earlier, trouble };
}

function onlyOne(
  question: BusyboxQuestion,
  answers: BusyboxAnswers,
  found: { name: string }[],
  what: string,
): string | undefined {
  if (found.length === 1) return undefined;
  if (found.length === 0) return `${question} says ${quote(answers.text(question))}, which names no ${what}`;
  return `${question} names several: ${found.map(({ name }) => name).join(', ')}; which one is it?`;
}

function firstNetworkTrouble(answers: BusyboxAnswers): string | undefined {
  const text = answers.text('q1');
  if (listsEveryNetwork(text)) return 'q1 lists all networks that Docker has from the start; which one is it?';
  return wordsIn(text.toLowerCase()).includes('bridge')
    ? undefined
    : `q1 says ${quote(text)}: a container that names no network is on the one called bridge`;
}

function innerEndTrouble(answers: BusyboxAnswers): string | undefined {
  const found = answers.innerEnds();
  const notOne = onlyOne('q3', answers, found, 'interface called eth and a number');
  if (notOne !== undefined) return notOne;
  const [inside] = found;
  if (inside!.name !== 'eth0')
    return `q3 says ${inside!.name}: the first interface that Docker gives a container is eth0`;
  const [outside, ...others] = answers.hostEnds();
  if (outside === undefined || others.length > 0) return undefined;
  const differ = (a: number | undefined, b: number | undefined): boolean =>
    a !== undefined && b !== undefined && a !== b;
  return differ(outside.index, inside!.peerIndex) || differ(outside.peerIndex, inside!.index)
    ? `q2 says ${quote(answers.text('q2'))} and q3 says ${quote(answers.text('q3'))}: of two ends of one pair, each has the other's number after @if`
    : undefined;
}

function addressTrouble(question: BusyboxQuestion, text: string, address: Address | undefined): string | undefined {
  if (address === undefined) {
    const malformed = malformedAddressIn(text);
    return malformed === undefined
      ? `${question} says ${quote(text)}, which contains no address of a machine`
      : `${question} says ${malformed}, which is not an IPv4 address`;
  }
  return isLoopbackAddress(address)
    ? `${question} says ${address.address}: that is loopback, which every machine and every container has for itself`
    : undefined;
}

function gatewayTrouble(answers: BusyboxAnswers): string | undefined {
  const gateway = answers.gateway('q5');
  const own = answers.own();
  const malformed = addressTrouble('q5', answers.text('q5'), gateway);
  if (malformed !== undefined || own === undefined) return malformed;
  if (gateway!.address === own.address) return `q4 and q5 both say ${own.address}: a container is not its own gateway`;
  return shareSubnet(own.address, gateway!.address, prefixOf(own, gateway!) ?? WIDE)
    ? undefined
    : `q4 says ${own.address} and q5 says ${gateway!.address}: a gateway is in the same subnet as those who use it`;
}

function docker0Trouble(answers: BusyboxAnswers): string | undefined {
  const docker0 = answers.gateway('q6');
  const gateway = answers.gateway('q5');
  const malformed = addressTrouble('q6', answers.text('q6'), docker0);
  if (malformed !== undefined || gateway === undefined || gateway.address === docker0!.address) return malformed;
  return `q5 says ${gateway.address} and q6 says ${docker0!.address}: on the default bridge, the gateway is docker0 itself`;
}

function containerServersTrouble(answers: BusyboxAnswers): string | undefined {
  const servers = answers.addresses('q7');
  if (servers.length === 0 && !hasIpv6(answers.text('q7'))) return addressTrouble('q7', answers.text('q7'), undefined);
  const loopback = servers.find(isLoopbackAddress);
  if (loopback === undefined) return undefined;
  return loopback.address === EMBEDDED_DNS
    ? `q7 says ${EMBEDDED_DNS}: that is Docker's own nameserver, which containers on the default bridge do not use`
    : `q7 says ${loopback.address}: that is loopback, where a container reaches only itself`;
}

function hostServersTrouble(answers: BusyboxAnswers): string | undefined {
  const all = answers.addresses('q8');
  if (all.length === 0 && !hasIpv6(answers.text('q8'))) return addressTrouble('q8', answers.text('q8'), undefined);
  const usable = all.filter((each) => !isLoopbackAddress(each)).map(({ address }) => address);
  const inside = answers.addresses('q7').map(({ address }) => address);
  // Where Docker finds nothing but loopback, and nobody whom that one asks, it takes others: there is nothing to compare.
  const isFallback = inside.length > 0 && inside.every((address) => FALLBACK.includes(address));
  if (usable.length === 0 && all.length > 0)
    return isFallback
      ? undefined
      : `q8 says ${all.map(({ address }) => address).join(', ')}, which is loopback, where no container could ask: whom does that one ask?`;
  // Docker's host is a virtual machine there: its nameserver is right, and so are those of the machine around it.
  const isInMachine = inside.length > 0 && inside.every(isOfVirtualMachine);
  if (inside.length === 0 || isInMachine || sameSet(usable, inside)) return undefined;
  return `q7 says ${inside.join(', ')} and q8 says ${usable.join(', ')}: on the default bridge, a container gets the host's nameservers, except those on loopback`;
}

function embeddedServerTrouble(answers: BusyboxAnswers): string | undefined {
  const text = answers.text('q11');
  if (!answers.addresses('q11').some(({ address }) => address === EMBEDDED_DNS))
    return `q11 says ${quote(text)}: on a network that you made, the nameserver is ${EMBEDDED_DNS}`;
  return hasMeaning(text) ? undefined : `q11 says ${quote(text)}, but not what that means: whose nameserver is it?`;
}

function isOfVirtualMachine(address: string): boolean {
  return VIRTUAL_MACHINES.some((subnet) => shareSubnet(address, subnet, 24));
}

function networkTrouble(answers: BusyboxAnswers): string | undefined {
  if (listsEveryNetwork(answers.text('q9'))) return 'q9 lists all networks; which one did you make?';
  const name = networkNameIn(answers.text('q9'));
  if (name === undefined) return `q9 says ${quote(answers.text('q9'))}, which contains no name of a network`;
  return DOCKERS_OWN.includes(name.toLowerCase())
    ? `q9 says ${name}, which is not the name of a network that you made: Docker has it from the start`
    : undefined;
}

function bothAddressesTrouble(answers: BusyboxAnswers): string | undefined {
  const both = answers.addresses('q10');
  const own = answers.own();
  if (both.length !== 2) {
    return both.length === 0
      ? addressTrouble('q10', answers.text('q10'), undefined)
      : `q10 names ${both.length === 1 ? 'one address' : `${both.length} addresses`}: on two networks, a container has two`;
  }
  if (own === undefined) return undefined;
  const other = both.find(({ address }) => address !== own.address)!;
  if (!both.some(({ address }) => address === own.address)) {
    return `q4 says ${own.address} and q10 says ${both.map(({ address }) => address).join(' and ')}: it keeps its first address when it joins a second network`;
  }
  if (isLoopbackAddress(other)) return addressTrouble('q10', answers.text('q10'), other);
  if (other.address === answers.gateway('q5')?.address)
    return `q5 and q10 both say ${other.address}: the gateway's address is not one of the container's`;
  return shareSubnet(own.address, other.address, prefixOf(own, ...both) ?? usualPrefix(own))
    ? `q10 says ${own.address} and ${other.address}, which are in one subnet: two networks have different ones`
    : undefined;
}

function usualPrefix({ address }: Address): number {
  return shareSubnet(address, USUAL_POOL.network, USUAL_POOL.prefix) ? USUAL_POOL.prefix : NARROW;
}

/** The first prefix length that is given and is possible for a subnet. */
function prefixOf(...addresses: Address[]): number | undefined {
  return addresses.map(({ prefix }) => prefix).find((prefix) => prefix !== undefined && prefix >= 8 && prefix <= 30);
}
