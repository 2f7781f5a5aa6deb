import { expect } from '@jest/globals';
import type { BusyboxQuestion } from '../../../helpers/judge/answers/busybox-questions.ts';
import { parseAnswers } from '../../../helpers/submission/answers.ts';
import type { Survey } from '../../../helpers/survey/facts.ts';
import { testMatcher, type Assertion, type Cases } from '../../helpers/matcher-tests.ts';
import { ANSWERED_HERE, containerOf, networkOf, recorded } from '../../helpers/surveys.ts';

const elsewhere = recorded('inspect-busybox');
const here = recorded(ANSWERED_HERE);

function says(question: BusyboxQuestion, ...lines: string[]): (draft: Survey) => void {
  return (draft) => {
    const { answers } = draft.answers!;
    if ('given' in answers) answers.given[question] = lines;
  };
}

function noFile(draft: Survey): void {
  draft.answers!.answers = { problem: 'there is no answers.yaml' };
}

/** As the file that the course gives out is read. */
function nothingWritten(draft: Survey): void {
  draft.answers!.answers = parseAnswers('q1:\nq2:\nq4:\nq5:\n', 'answers.yaml');
}

function noSection(draft: Survey): void {
  delete draft.answers;
}

const consistently =
  (question: BusyboxQuestion): Assertion =>
  (lab) => {
    expect(lab).toAnswerConsistently(question);
  };

testMatcher('toAnswerConsistently', {
  of: elsewhere,
  asserts: consistently('q5'),
  expects: 'q5 is the address of a gateway',
  holds: {
    'it fits what Docker does': { says: 'q5 says "172.17.0.1' },
    'it fits an earlier answer': { asserts: consistently('q10'), expects: 'q10', says: 'q10 says "172.17.0.2' },
  },
  fails: {
    'it contradicts an earlier answer': {
      change: says('q5', '192.168.7.1'),
      says: 'q4 says 172.17.0.2 and q5 says 192.168.7.1',
    },
    'it contradicts what Docker does': {
      asserts: consistently('q11'),
      expects: 'q11',
      change: says('q11', '192.168.7.1'),
      says: ['192.168.7.1', '127.0.0.11'],
    },
    'there is none': { change: says('q5'), says: 'q5 has no answer' },
    'no answers were handed in': { change: noFile, expects: 'is answered', says: 'there is no answers.yaml' },
    'nothing is written in the file': { change: nothingWritten, expects: 'is answered', says: 'answers.yaml is empty' },
  },
  inconclusive: {
    'no answers were looked for': { change: noSection, says: 'answers' },
  },
});

const exactly =
  (question: BusyboxQuestion): Assertion =>
  (lab) => {
    expect(lab).toAnswerExactly(question, lab.role('busybox'));
  };
const [ADDRESS, OTHER] = containerOf(here, 'busybox').attachments.map(({ addresses }) => addresses[0]!);
const [GATEWAY] = networkOf(here, 'bridge').gateways;
const OUTER = here.host.sandbox.interfaces.find(({ master, name }) => master === 'docker0' && name.startsWith('veth'))!;

/** For each question the words of the right answer, one that is wrong, and what the wrong one should have said. */
const EXACT: [BusyboxQuestion, string, string, string][] = [
  ['q1', 'bridge', 'my-net', 'bridge'],
  ['q2', OUTER.name, 'veth0000001', OUTER.name],
  ['q3', 'eth0', 'eth1', 'eth0'],
  ['q4', ADDRESS!, OTHER!, ADDRESS!],
  ['q5', GATEWAY!, '10.9.8.7', GATEWAY!],
  ['q6', GATEWAY!, '10.9.8.7', GATEWAY!],
  ['q7', '203.0.113.53', '127.0.0.11', '203.0.113.53'],
  ['q8', '203.0.113.53', '9.9.9.9', '203.0.113.53'],
  ['q9', 'my-net', 'bridge', 'my-net'],
  ['q10', OTHER!, ADDRESS!, OTHER!],
  ['q11', '127.0.0.11', '203.0.113.53', '127.0.0.11'],
];

const rightAnswers: Cases = Object.fromEntries(
  EXACT.map(([question, right]) => [
    `${question} is what was seen`,
    { asserts: exactly(question), expects: [question, right], says: [`${question} says`, right] },
  ]),
);

const wrongAnswers: Cases = Object.fromEntries(
  EXACT.map(([question, , wrong, wanted]) => [
    `${question} is something else`,
    {
      asserts: exactly(question),
      expects: [question, wanted],
      change: says(question, wrong),
      says: [`${question} says "${wrong}"`, wanted],
    },
  ]),
);

testMatcher('toAnswerExactly', {
  of: here,
  asserts: exactly('q4'),
  expects: 'q4',
  holds: rightAnswers,
  fails: {
    ...wrongAnswers,
    'there is no answer': { change: says('q4'), says: 'q4 has no answer' },
    'no answers were handed in': { change: noFile, expects: 'is answered', says: 'there is no answers.yaml' },
    'nothing is written in the file': { change: nothingWritten, expects: 'is answered', says: 'answers.yaml is empty' },
    'it names no address, and the container has none': {
      asserts: exactly('q10'),
      expects: 'q10',
      change: (draft) => {
        says('q10', 'none')(draft);
        for (const each of containerOf(draft, 'busybox').attachments) each.addresses = [];
      },
      says: 'q10 says "none"',
    },
  },
  inconclusive: {
    'no answers were looked for': { change: noSection, says: 'answers' },
  },
});
