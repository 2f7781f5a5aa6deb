/**
 * Matchers for a student's answers: compared with the machine they are about or, if we have not seen it, with each
 * other.
 */
import { comparedWith, judgeConsistency } from '../answers/busybox-consistency.ts';
import { judgeExactly, type BusyboxTruth } from '../answers/busybox-exact.ts';
import type { BusyboxQuestion } from '../answers/busybox-questions.ts';
import { textOf, type Given, type Judgement } from '../answers/judgement.ts';
import { Inconclusive } from '../matcher.ts';
import type { Lab, Role } from '../lab-under-test.ts';
import { describedEvidence, findingOf, type Evidence, type Finding } from '../../lab/verdict.ts';
import type { Attachment } from '../../survey/facts.ts';
import { copiedNameservers, nameservers } from '../../survey/resolv-conf.ts';
import { troubleWith } from '../../submission/answers.ts';
import { resolvConfOf, resolvConfOnHost } from './dns.ts';
import { attachmentsOf } from './networks.ts';
import {
  addressesInside,
  bare,
  docker0Addresses,
  docker0OnHost,
  interfacesOf,
  isV4,
  outerEnd,
  outerEnds,
} from './stack.ts';

export function answerConsistently(lab: Lab, question: BusyboxQuestion): Finding {
  const { file, given, trouble } = answersGiven(lab);
  if (trouble !== undefined) return noAnswers(question, trouble);
  const earlier = comparedWith(question);
  return findingFor(judgeConsistency(question, given), [
    stated(file, question, given),
    ...(earlier === undefined ? [] : [stated(file, earlier, given)]),
  ]);
}

export function answerExactly(lab: Lab, question: BusyboxQuestion, role: Role): Finding {
  const { file, given, trouble } = answersGiven(lab);
  if (trouble !== undefined) return noAnswers(question, trouble);
  return findingFor(judgeExactly(question, given, truthOf(lab, role)), [
    stated(file, question, given),
    ...SOURCES[question](lab, role),
  ]);
}

/**
 * The answers of a lab.
 *
 * @returns `trouble` says why there are none that could be judged one by one.
 * @throws {Inconclusive} when no answers were looked for.
 */
export function answersGiven({ survey }: Lab): { file: string; given: Given; trouble: string | undefined } {
  if (survey.answers === undefined) throw new Inconclusive('no answers were looked for');
  const { file, answers } = survey.answers;
  return { file, given: 'given' in answers ? answers.given : {}, trouble: troubleWith(answers, file) };
}

/** @param question Its id. */
export function noAnswers(question: string, trouble: string): Finding {
  return findingOf(`${question} is answered`, [trouble], '', []);
}

function findingFor({ expected, trouble, seen }: Judgement, evidence: Evidence[]): Finding {
  return findingOf(expected, trouble === undefined ? [] : [trouble], seen, evidence);
}

function stated(file: string, question: BusyboxQuestion, given: Given): Evidence {
  return describedEvidence(`${question} in ${file}`, textOf(given, question) || '(nothing)');
}

function truthOf(lab: Lab, role: Role): BusyboxTruth {
  const { host } = lab.survey;
  const attachments = role.container?.attachments ?? [];
  const isDefault = ({ networkId }: Attachment): boolean => lab.defaultBridge().is(networkId);
  const first = attachments.find(isDefault);
  const made = attachments.find((each) => !isDefault(each));
  const inside = insideEnd(role, first);
  return {
    startedOn: startedOn(role),
    hostEnd: inside === undefined ? '' : (outerEnd(role, inside)?.name ?? ''),
    innerEnd: inside?.name ?? '',
    address: first?.addresses.find(isV4) ?? '',
    docker0: docker0Addresses(lab),
    copiedServers: copiedNameservers(host),
    hostServers: nameservers(host.sandbox.resolvConf),
    made: lab.survey.networks.find(({ id }) => id === made?.networkId)?.names ?? [],
    addresses: attachments.flatMap(({ addresses }) => addresses.filter(isV4)),
  };
}

function insideEnd(role: Role, first: Attachment | undefined): ReturnType<typeof interfacesOf>[number] | undefined {
  if (first === undefined || role.trouble() !== undefined) return undefined;
  return interfacesOf(role).find(({ addresses }) => addresses.some((each) => first.addresses.includes(bare(each))));
}

/** The names of the network that it was started on. Without --network, engines report `default` or `bridge`. */
function startedOn({ lab, container }: Role): string[] {
  const mode = container?.networkMode ?? '';
  if (mode === 'default' || mode === 'bridge') return ['bridge'];
  return lab.survey.networks.find(({ id, names }) => id === mode || names.includes(mode))?.names ?? [mode];
}

/** The evidence for each question: where the right answer can be seen. */
const SOURCES: Record<BusyboxQuestion, (lab: Lab, role: Role) => Evidence[]> = {
  q1: (_, { facts }) => [
    { what: `docker inspect --format '{{.HostConfig.NetworkMode}}' ${facts.name}`, output: facts.networkMode },
  ],
  q2: (_, role) => [{ what: 'ip link show type veth   # on the host', output: outerEnds(role).join('\n') }],
  q3: (_, role) => [addressesInside(role)],
  q4: (_, role) => [addressesInside(role)],
  q5: (lab) => [docker0OnHost(lab)],
  q6: (lab) => [docker0OnHost(lab)],
  q7: (lab) => resolvConfOnHost(lab.survey.host),
  q8: (lab) => resolvConfOnHost(lab.survey.host),
  q9: (_, role) => [attachmentsOf(role)],
  q10: (_, role) => [attachmentsOf(role)],
  q11: (_, role) => (role.trouble() === undefined ? [resolvConfOf(role)] : []),
};
