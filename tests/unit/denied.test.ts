import { describe, expect, test } from '@jest/globals';
import { Lab } from '../../helpers/judge/lab-under-test.ts';
import { reachNothing } from '../../helpers/judge/matchers/isolation.ts';
import { runAndStayUp } from '../../helpers/judge/matchers/running.ts';
import type { PolicyFacts } from '../../helpers/machine/policy/policy.ts';
import { deniedText, policyRecord } from '../../helpers/report/denied.ts';
import { messageOf } from '../../helpers/report/recording.ts';
import { labView } from '../../helpers/report/student-view.ts';
import { ungradedLab } from '../../helpers/report/recording.ts';
import type { Survey } from '../../helpers/survey/facts.ts';
import { THE_HOST } from '../../helpers/survey/facts.ts';
import { NOTHING } from '../../helpers/survey/nothing.ts';
import { container } from '../helpers/facts.ts';
import { labCalled } from '../helpers/labs.ts';

function facts(denied: number, name = 'it'): PolicyFacts {
  const all = Array.from({ length: denied }, (_, i) => ({
    request: 'POST /containers/create',
    what: `${name} ${i}`,
    sentence: `${name} ${i} is not allowed.`,
  }));
  return { denied: all, deniedInAll: denied, looks: 2, calls: all.map(({ request }) => `denied ${request}`) };
}

function surveyWith(policy: PolicyFacts, second?: PolicyFacts): Survey {
  return { ...NOTHING, policy, ...(second && { secondMachine: { ...NOTHING, policy: second } }) };
}

describe('what was denied', () => {
  test('is in the record as it was seen, and left out where nobody was asked', () => {
    expect(policyRecord(surveyWith(facts(2)))).toEqual(facts(2));
    expect(policyRecord(NOTHING)).toBeUndefined();
  });

  test('of two machines is one list, within its bounds', () => {
    const record = policyRecord(surveyWith(facts(15, 'one'), facts(10, 'two')));
    expect(record).toMatchObject({ deniedInAll: 25, looks: 4 });
    expect(record?.denied).toHaveLength(20);
    expect(record?.denied.at(-1)).toMatchObject({ machine: 2, what: 'two 4' });
    expect(record?.calls.at(-1)).toBe('machine 2: denied POST /containers/create');
    expect(
      policyRecord(surveyWith({ ...facts(0), calls: Array<string>(200).fill('a') }, facts(1)))?.calls,
    ).toHaveLength(200);
  });

  test('is told in one line', () => {
    expect(deniedText(facts(0))).toEqual([]);
    expect(deniedText(facts(1))).toEqual(['denied: it 0 is not allowed.']);
    expect(messageOf([], 0, { policy: facts(3) })).toBe('denied: it 0 is not allowed. (and 2 more)');
  });

  test('is told to a student, without every call', async () => {
    const lab = await labCalled('none-network');
    const record = { ...ungradedLab(lab, 'invalid', 'a'), policy: facts(1) };
    expect(labView(record, new Date()).policy).toEqual({ ...facts(1), calls: [] });
    expect(record.policy.calls).toHaveLength(1);
  });
});

describe('a role that does not run', () => {
  test('is shown with what was denied, each sentence once', () => {
    const policy = { ...facts(9), denied: [...facts(9).denied, ...facts(9).denied] };
    const { pass, actual, evidence } = runAndStayUp([new Lab({ ...surveyWith(policy) }).role('isolated')]);
    expect(pass).toBe(false);
    expect(actual.split('\n')).toEqual(['no container found for the role isolated', ...[0, 1, 2, 3, 4].map((i) => `denied: it ${i} is not allowed.`)]); // prettier-ignore
    expect(evidence.find(({ what }) => what.includes('policy'))?.output).toMatch(/^POST \/containers\/create: it 0 is/);
  });

  test('and a role that runs passes, whatever else was denied', () => {
    const isolated = container({ name: 'isolated' });
    const roles = { isolated: { found: 'one' as const, container: 'isolated', by: 'its name' } };
    const finding = runAndStayUp([
      new Lab({ ...surveyWith(facts(1)), containers: [isolated], roles }).role('isolated'),
    ]);
    expect([finding.pass, finding.actual]).toEqual([true, 'it runs: isolated is isolated (found by its name)']);
  });
});

/** Not to be had on a lab host any more: the policy denies the rights that it takes. */
describe('a process that has walked out of its sandbox', () => {
  const isolated = container({ name: 'isolated' });
  const sandbox = (namespace: number): Survey['sandboxes'][string] => ({ ...NOTHING.host.sandbox, namespace });
  const seen = (namespaces: number[]): Survey => ({
    ...NOTHING,
    containers: [isolated, container({ name: 'other' })],
    roles: { isolated: { found: 'one', container: 'isolated', by: 'its name' } },
    host: { sandbox: sandbox(1) },
    sandboxes: { isolated: sandbox(2), other: sandbox(3) },
    processes: namespaces.map((namespace) => ({ container: isolated.id, namespace, sockets: [] })),
    outside: { ...NOTHING.outside, canary: 'open', wasOpen: true },
    reach: [
      { from: 'isolated', to: THE_HOST, address: '192.0.2.1', port: 1, way: 'address', outcome: 'unreachable', ms: 1 },
    ],
  });

  test.each([
    [[2], true, 'no packet of isolated gets anywhere'],
    [[2, 1], false, "a process of isolated runs in the host's sandbox"],
    [[2, 3], false, 'a process of isolated runs in the sandbox of other'],
    [[4], false, 'a process of isolated runs in a sandbox that Docker did not make'],
  ])('in %j', (namespaces, pass, actual) => {
    expect(reachNothing(new Lab(seen(namespaces)).role('isolated'))).toMatchObject({ pass, actual });
  });
});
