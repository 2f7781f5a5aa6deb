import { expect } from '@jest/globals';
import { THE_HOST } from '../../../helpers/survey/facts.ts';
import { testMatcher } from '../../helpers/matcher-tests.ts';
import { containerOf, recorded } from '../../helpers/surveys.ts';

const survey = recorded('inspect-busybox');
const [FIRST, SECOND] = containerOf(survey, 'busybox').attachments.map(({ addresses }) => addresses[0]!);

testMatcher('toAnswerThePingsOfTheHost', {
  of: survey,
  asserts: (lab) => {
    expect(lab.role('busybox')).toAnswerThePingsOfTheHost();
  },
  expects: ['busybox', 'ping'],
  holds: {
    'both addresses answer': { says: `busybox answers the host's ping at ${FIRST} and ${SECOND}` },
    'somebody else gets no answer': {
      change: (draft) => {
        draft.pings.push({ from: 'other', to: 'box', address: FIRST!, outcome: 'no-answer' });
      },
      says: `busybox answers the host's ping at ${FIRST} and ${SECOND}`,
    },
  },
  fails: {
    'one address does not answer': {
      change: (draft) => {
        draft.pings.find(({ address }) => address === SECOND)!.outcome = 'no-answer';
      },
      says: [`at ${SECOND}`, 'no-answer'],
    },
    'no route leads there': {
      change: (draft) => {
        draft.pings.find(({ address }) => address === FIRST)!.outcome = 'unreachable';
      },
      says: [`at ${FIRST}`, 'unreachable'],
    },
  },
  inconclusive: {
    'the host has pinged nobody': {
      change: (draft) => {
        draft.pings = draft.pings.filter(({ from }) => from !== THE_HOST);
      },
      says: 'busybox',
    },
    'one address was not pinged': {
      change: (draft) => {
        draft.pings = draft.pings.filter(({ address }) => address !== SECOND);
      },
      says: ['busybox', SECOND!],
    },
  },
});
