/** Judges answers about the machine on which the container runs: each is compared with what was seen there. */
import { EMBEDDED_DNS } from '../../base/docker/addresses.ts';
import { BusyboxAnswers, type BusyboxQuestion } from './busybox-questions.ts';
import { hasIpv6, isLoopbackAddress, listsEveryNetwork, wordsIn } from './extract.ts';
import { quote, sameSet, type Given, type Judgement } from './judgement.ts';

/**
 * What was seen of the container and its host; values are empty if there is no container, or it is not on that network.
 */
export interface BusyboxTruth {
  /** Names of the network on which it was started. */
  startedOn: string[];
  /** Both ends of the pair that joins it to the default bridge. */
  hostEnd: string;
  innerEnd: string;
  /** Its address on the default bridge. */
  address: string;
  /** Addresses of docker0. */
  docker0: string[];
  /** Nameservers that containers on the default bridge get, and all that the host has. */
  copiedServers: string[];
  hostServers: string[];
  /** Names of the network that the student made. */
  made: string[];
  /** Every address of the container. */
  addresses: string[];
}

interface Fact {
  /** What a right answer says, as a sentence without the question before it. */
  expected: string;
  holds: boolean;
}

type Rule = (answers: BusyboxAnswers, truth: BusyboxTruth) => Fact;

const RULES: Record<BusyboxQuestion, Rule> = {
  q1: (answers, { startedOn }) => ({
    expected: `the network that the container was started on, ${startedOn[0] ?? '(none)'}`,
    holds: mentions(answers.text('q1'), startedOn),
  }),
  q2: (answers, { hostEnd }) => ({
    expected: `the other end of the container's first interface, ${hostEnd}`,
    holds: isOnly(answers.hostEnds(), hostEnd),
  }),
  q3: (answers, { innerEnd }) => ({
    expected: `the container's interface on the default bridge network, ${innerEnd}`,
    holds: isOnly(answers.innerEnds(), innerEnd),
  }),
  q4: (answers, { address }) => ({
    expected: `the container's address on the default bridge network, ${address}`,
    holds: answers.own()?.address === address,
  }),
  q5: (answers, { docker0 }) => ({
    expected: `the default gateway of the default bridge network, ${docker0.join(' or ')}`,
    holds: docker0.includes(answers.gateway('q5')?.address ?? ''),
  }),
  q6: (answers, { docker0 }) => ({
    expected: `the address of docker0 on the host, ${docker0.join(' or ')}`,
    holds: docker0.includes(answers.gateway('q6')?.address ?? ''),
  }),
  q7: (answers, { copiedServers }) => ({
    expected: `the nameservers that the host gives its containers, ${copiedServers.join(' and ')}`,
    holds: areServers(answers, 'q7', copiedServers),
  }),
  q8: (answers, { copiedServers, hostServers }) => ({
    expected: `the nameservers of the host, ${hostServers.join(' and ')}`,
    holds: areServers(answers, 'q8', hostServers) || areServers(answers, 'q8', copiedServers, isLoopbackAddress),
  }),
  q9: (answers, { made }) => ({
    expected: `the network that the container was connected to, ${made[0] ?? '(none)'}`,
    holds: mentions(answers.text('q9'), made),
  }),
  q10: (answers, { addresses }) => ({
    expected: `both addresses of the container, ${addresses.join(' and ')}`,
    holds:
      addresses.length > 0 &&
      sameSet(
        answers.addresses('q10').map(({ address }) => address),
        addresses,
      ),
  }),
  // A script that looks here reads the address; what it means is asked of those whose machine nobody sees.
  q11: (answers) => ({
    expected: `Docker's own nameserver, ${EMBEDDED_DNS}`,
    holds: answers.addresses('q11').some(({ address }) => address === EMBEDDED_DNS),
  }),
};

/** Judges one answer against what was seen. */
export function judgeExactly(question: BusyboxQuestion, given: Given, truth: BusyboxTruth): Judgement {
  const answers = new BusyboxAnswers(given);
  const text = answers.text(question);
  const { expected, holds } = RULES[question](answers, truth);
  const wrong = text === '' ? `${question} has no answer` : `${question} says ${quote(text)}, which is not ${expected}`;
  return {
    expected: `${question} names ${expected}`,
    trouble: holds && text !== '' ? undefined : wrong,
    seen: `${question} says ${quote(text)}`,
  };
}

function mentions(text: string, names: string[]): boolean {
  return !listsEveryNetwork(text) && wordsIn(text).some((word) => names.includes(word));
}

function isOnly(found: { name: string }[], wanted: string): boolean {
  return found.length === 1 && found[0]?.name === wanted;
}

/** Whether an answer names exactly these servers. IPv6 addresses may be left out, unless there are no others. */
function areServers(
  answers: BusyboxAnswers,
  question: BusyboxQuestion,
  servers: string[],
  mayBeNamedToo: (each: { address: string }) => boolean = () => false,
): boolean {
  const named = answers.addresses(question).filter((each) => !mayBeNamedToo(each));
  const wanted = servers.filter((server) => !server.includes(':'));
  if (wanted.length === 0) return hasIpv6(answers.text(question));
  return sameSet(
    named.map(({ address }) => address),
    wanted,
  );
}
