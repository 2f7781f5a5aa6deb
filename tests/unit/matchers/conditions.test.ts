/** What criteria need before they are judged: each condition holds in a good survey, and says why where it does not. */
import { expect, test } from '@jest/globals';
import type { Condition } from '../../../helpers/judge/criterion.ts';
import { Lab } from '../../../helpers/judge/lab-under-test.ts';
import {
  answeredOn,
  attached,
  attachedExactly,
  comparable,
  inTheHostsSandbox,
  notInTheHostsSandbox,
  onTheDefaultBridgeAndOneMore,
  onlyOnDefaultBridge,
  reaches,
  running,
  speaksMongo,
  works,
} from '../../../helpers/judge/matchers/conditions.ts';
import type { Survey } from '../../../helpers/survey/facts.ts';
import { changed, containerOf, nameOf, networkOf, recorded, sandboxOf } from '../../helpers/surveys.ts';

interface ConditionTest {
  of: Survey;
  condition: (lab: Lab) => Condition;
  /** Each leaves the condition unmet, with these words as the reason. */
  unmet: [(draft: Survey) => void, string][];
}

const exercise2 = recorded('nginx-flask-mongo');
const onDefaultBridge = recorded('default-bridge');
const hostNetwork = recorded('host-network');
const sandboxes = recorded('sandbox');

const TESTS: Record<string, ConditionTest> = {
  running: {
    of: exercise2,
    condition: (lab) => running(lab.role('nginx'), lab.role('mongo')),
    unmet: [
      [(draft) => (draft.roles['mongo'] = { found: 'none' }), 'mongo'],
      [(draft) => (containerOf(draft, 'mongo').state.paused = true), 'mongo is paused'],
      [(draft) => (draft.unstable[nameOf(draft, 'nginx')] = 'it was started again'), 'it was started again'],
    ],
  },
  'exists (of a role)': {
    of: exercise2,
    condition: (lab) => lab.role('mongo').exists(),
    unmet: [
      [(draft) => (draft.roles['mongo'] = { found: 'none' }), 'mongo'],
      [(draft) => (draft.roles['mongo'] = { found: 'several', containers: ['x', 'y'], by: 'image' }), 'x and y'],
    ],
  },
  'exists (of a network)': {
    of: exercise2,
    condition: (lab) => lab.network('private-net-1').exists(),
    unmet: [[(draft) => (networkOf(draft, 'private-net-1').names = []), 'private-net-1']],
  },
  answersFromOutside: {
    of: exercise2,
    condition: (lab) => lab.role('nginx').answersFromOutside(),
    unmet: [[(draft) => (draft.outside.ports = []), 'nginx does not answer from outside']],
  },
  attached: {
    of: exercise2,
    condition: (lab) => attached(lab.role('mongo'), lab.network('private-net-1')),
    unmet: [[(draft) => (containerOf(draft, 'mongo').attachments = []), 'mongo is not on private-net-1']],
  },
  attachedExactly: {
    of: exercise2,
    condition: (lab) => attachedExactly(lab.role('mongo'), [lab.network('private-net-1')]),
    unmet: [
      [(draft) => (containerOf(draft, 'mongo').attachments = []), 'mongo is not on private-net-1'],
      [
        (draft) => containerOf(draft, 'mongo').attachments.push(...containerOf(draft, 'nginx').attachments),
        'mongo is also on nginx_flask_mongodb_public-net-1',
      ],
    ],
  },
  inTheHostsSandbox: {
    of: hostNetwork,
    condition: (lab) => inTheHostsSandbox(lab.role('my_nginx')),
    unmet: [
      [(draft) => (containerOf(draft, 'my_nginx').networkMode = 'bridge'), "the host's sandbox"],
      [(draft) => (sandboxOf(draft, 'my_nginx').namespace = 1), "the host's sandbox"],
    ],
  },
  notInTheHostsSandbox: {
    of: sandboxes,
    condition: (lab) => notInTheHostsSandbox(lab.role('a')),
    unmet: [[(draft) => (sandboxOf(draft, 'a').namespace = draft.host.sandbox.namespace), "the host's sandbox"]],
  },
  answeredOn: {
    of: exercise2,
    condition: (lab) => answeredOn(lab.network('private-net-1'), lab.role('flask-app'), 'mongo', lab.role('mongo')),
    unmet: [
      [
        (draft) => {
          const shared = networkOf(draft, 'public-net-1');
          const { addresses } = draft.names.find(
            ({ from, name }) => from === nameOf(draft, 'flask-app') && name === 'mongo',
          )!;
          containerOf(draft, 'mongo').attachments.push({
            ...{ network: shared.name, networkId: shared.id, addresses, aliases: [], gateway: '' },
          });
        },
        'the name mongo was answered there',
      ],
    ],
  },
  onlyOnDefaultBridge: {
    of: onDefaultBridge,
    condition: (lab) => onlyOnDefaultBridge(lab.role('alpine1'), lab.role('alpine2')),
    unmet: [
      [(draft) => (containerOf(draft, 'alpine2').attachments = []), 'alpine2 is not'],
      [(draft) => (containerOf(draft, 'alpine2').sandboxOf = 'alpine1'), 'alpine2 is not'],
      [
        (draft) => {
          const own = containerOf(draft, 'alpine1').attachments;
          own.push({ ...own[0]!, networkId: 'another' });
        },
        'alpine1 is not',
      ],
    ],
  },
  onTheDefaultBridgeAndOneMore: {
    of: recorded('inspect-busybox'),
    condition: (lab) => onTheDefaultBridgeAndOneMore(lab.role('busybox')),
    unmet: [[(draft) => (networkOf(draft, 'my-net').driver = 'macvlan'), 'my-net']],
  },
  reaches: {
    of: exercise2,
    condition: (lab) => reaches(lab.role('flask-app'), lab.role('mongo')),
    unmet: [
      [(draft) => (draft.reach = []), 'flask-app cannot reach mongo'],
      [
        (draft) => {
          for (const each of draft.reach) each.again = 'no-answer';
        },
        'flask-app cannot reach mongo',
      ],
      [
        (draft) => {
          for (const each of draft.reach) each.outcome = 'refused';
        },
        'flask-app cannot reach mongo',
      ],
      [
        (draft) => {
          for (const each of draft.reach) delete each.again;
        },
        'flask-app cannot reach mongo',
      ],
    ],
  },
  speaksMongo: {
    of: exercise2,
    condition: (lab) => speaksMongo(lab.role('mongo')),
    unmet: [
      [(draft) => (draft.databases = []), 'mongo does not answer as a MongoDB'],
      [
        (draft) => {
          for (const each of draft.databases[0]!.ports) delete each.hello;
        },
        'mongo does not answer as a MongoDB',
      ],
    ],
  },
  works: {
    of: exercise2,
    condition: (lab) => works(lab.role('nginx'), [lab.role('mongo')]),
    unmet: [
      [(draft) => (draft.experiments.backendAway = []), 'mongo'],
      [
        (draft) => {
          const [facts] = draft.experiments.backendAway;
          facts!.away = facts!.before;
        },
        'mongo',
      ],
    ],
  },
};

const met = Object.entries(TESTS).map(([name, { of, condition }]) => ({ name, of, condition }));
const unmet = Object.entries(TESTS).flatMap(([name, { of, condition, unmet: changes }]) =>
  changes.map(([change, because]) => ({ name, of: changed(of, change), condition, because })),
);

test.each(met)('$name holds in a good survey', ({ of, condition }) => {
  expect(condition(new Lab(of)).holds).toBe(true);
});

test.each(unmet)('$name does not hold: $because', ({ of, condition, because }) => {
  expect(condition(new Lab(of))).toEqual({ holds: false, because: expect.stringContaining(because) });
});

const elsewhere = recorded('inspect-busybox');

test('an answer whose ground is of use has nothing in its way', () => {
  expect(comparable('q5', new Lab(elsewhere)).holds).toBe(true);
});

test('where nothing is answered at all, every question is judged, and failed for that reason', () => {
  const lab = new Lab(
    changed(elsewhere, ({ answers }) => {
      if (answers !== undefined) answers.answers = { given: { q4: [], q5: [] }, allEmpty: true };
    }),
  );
  expect(comparable('q5', lab).holds).toBe(true);
});

test('an answer that is compared with one of no use cannot be judged', () => {
  const lab = new Lab(
    changed(elsewhere, ({ answers }) => {
      if (answers !== undefined && 'given' in answers.answers) answers.answers.given['q4'] = ['no idea'];
    }),
  );
  expect(comparable('q5', lab)).toEqual({
    holds: false,
    because: expect.stringMatching(/q5 is compared with q4.*no idea/),
  });
});
