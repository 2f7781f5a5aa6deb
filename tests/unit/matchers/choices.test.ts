import { expect } from '@jest/globals';
import type { Survey } from '../../../helpers/survey/facts.ts';
import { QUESTIONS } from '../../../specs/self-check/index.ts';
import { testMatcher } from '../../helpers/matcher-tests.ts';
import { recorded } from '../../helpers/surveys.ts';

const question = QUESTIONS.find(({ id }) => id === 'same-port-twice')!;

function choose(...lines: string[]): (draft: Survey) => void {
  return (draft) => {
    const { answers } = draft.answers!;
    if ('given' in answers) answers.given[question.id] = lines;
  };
}

testMatcher('toChooseExactly', {
  of: recorded('self-check'),
  asserts: (lab) => {
    expect(lab).toChooseExactly(question, QUESTIONS);
  },
  expects: 'options',
  holds: {
    'all that hold are chosen': { says: 'chosen: b, c' },
    'in one line, and in capitals': { change: choose('C, B'), says: 'chosen: b, c' },
  },
  fails: {
    'one is missing': { change: choose('b'), says: 'chosen: b; these are not exactly' },
    'there is one more': { change: choose('a', 'b', 'c'), says: 'chosen: a, b, c; these are not exactly' },
    'nothing is chosen': { change: choose(), says: 'nothing is chosen' },
    'there is no such option': { change: choose('b', 'x'), says: ['"x"', 'same-port-twice'] },
    'the question is not answered, but a strange one is': {
      change: (draft) => {
        draft.answers!.answers = { given: { 'same-port': ['b'] } };
      },
      says: ['answers.yaml has no answer to same-port-twice', '"same-port"'],
    },
    'no answers were handed in': {
      change: (draft) => {
        draft.answers!.answers = { problem: 'there is no answers.yaml' };
      },
      expects: 'same-port-twice is answered',
      says: 'there is no answers.yaml',
    },
    'nothing is written in the file': {
      change: (draft) => {
        draft.answers!.answers = { given: { 'same-port-twice': [] }, allEmpty: true };
      },
      expects: 'same-port-twice is answered',
      says: 'answers.yaml is empty',
    },
  },
  inconclusive: {
    'no answers were looked for': {
      change: (draft) => {
        delete draft.answers;
      },
      says: 'answers',
    },
  },
});
