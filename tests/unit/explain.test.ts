import { expect, test } from '@jest/globals';
import { near, instead } from '../../helpers/base/near.ts';
import { explanationOf } from '../../helpers/report/explanation.ts';
import type { StudentRecord } from '../../helpers/report/record.ts';
import { HOSTILE, recordWith } from '../helpers/records.ts';

function explain(record: StudentRecord, id: string): string {
  const lab = record.labs[0]!;
  return explanationOf({ record, lab, criterion: lab.criteria.find((each) => each.id === id)! }, { colours: false });
}

const TOPOLOGY: StudentRecord['labs'][number]['topology'] = {
  networks: [
    { name: 'front', driver: 'bridge', internal: false, subnets: ['10.0.0.0/24'] },
    { name: 'other', driver: 'bridge', internal: true, subnets: [] },
  ],
  containers: [
    {
      name: 'x-web-1',
      role: 'web',
      image: 'nginx',
      state: 'running',
      networks: [{ name: 'front', addresses: ['10.0.0.2'] }],
      ports: ['0.0.0.0:80->80/tcp'],
    },
    { name: 'db', image: 'mongo', state: 'exited', networks: [], ports: [] },
  ],
};

test('evidence stands there in full, as commands with their output', () => {
  const output = Array.from({ length: 40 }, (_, i) => `line ${i}`).join('\n');
  const text = explain(
    recordWith([
      {
        evidence: [
          { what: 'docker ps', output },
          { what: 'true', output: '' },
        ],
      },
    ]),
    'c0',
  );
  expect(text).toContain('  $ docker ps\n    line 0\n');
  expect(text).toContain('    line 39\n\n  $ true\n    (it printed nothing)');
});

test('what stood in the way stands there with its own evidence, and what stood in its way', () => {
  const text = explain(
    recordWith([
      { id: 'first', evidence: [{ what: 'look at first', output: 'gone' }] },
      { id: 'second', status: 'skipped', blockedBy: 'first', actual: 'first does not hold' },
      { id: 'third', status: 'skipped', blockedBy: 'second', actual: 'second does not hold' },
    ]),
    'third',
  );
  expect(text).toContain('not judged  second does not hold');
  expect(text.indexOf('  second: rule 1')).toBeLessThan(text.indexOf('  first: rule 0'));
  expect(text).toContain('  $ look at first\n    gone');
});

test('criteria that wait for each other have an end', () => {
  const circle = [
    { id: 'a', status: 'skipped', blockedBy: 'b' },
    { id: 'b', status: 'skipped', blockedBy: 'a' },
  ] as const;
  expect(explain(recordWith([...circle]), 'a')).toContain('  b: rule 1');
});

test('the points, by which rubric, and what was taken off', () => {
  const record = recordWith([{ status: 'passed', score: 7.2, maxScore: 8, visibility: 'hidden' }]);
  const [lab] = record.labs;
  const late = { due: '2026-12-01T00:00:00.000Z', late: { handedIn: '2026-12-01T01:00:00.000Z', percent: 10 } };
  const rubric = { file: 'rubric.yaml', sha256: '0123456789ab' };
  const text = explain({ ...record, rubric, labs: [{ ...lab!, ...late }] }, 'c0');
  expect(text).toContain(
    '7.2 of 8, points by rubric.yaml (0123456789ab); 10 % taken off every score for being late: handed in 2026-12-01T01',
  );
  expect(text).toContain('The student never sees this rule.');
  expect(explain(record, 'c0')).toContain('7.2 of 8, the lab’s own points\n');
  expect(explain(recordWith([{ status: 'skipped', withheld: true, maxScore: 0 }]), 'c0')).toContain(
    'worth no points here',
  );
});

test('the containers and networks that the verdict names, or all of them', () => {
  const record = recordWith([{ actual: 'web is not there' }, { title: 'Something else' }]);
  const drawn = { ...record, labs: record.labs.map((lab) => ({ ...lab, topology: TOPOLOGY })) };
  const named = explain(drawn, 'c0');
  expect(named).toContain(
    'container x-web-1 (the web): running, image nginx; front 10.0.0.2; published 0.0.0.0:80->80/tcp',
  );
  expect(named).toContain('network front: driver bridge, 10.0.0.0/24');
  expect(named).not.toMatch(/container db|network other/);
  expect(explain(drawn, 'c1')).toContain('container db: exited, image mongo; on no network; publishes nothing');
});

test('where and when it was judged, within which limits', () => {
  const record = recordWith([{}]);
  const engine = { ...record.engine, host: 'ssh' as const, live: true, limits: ['no second machine'] };
  const text = explain({ ...record, engine }, 'c0');
  expect(text).toContain('a run that began 2026-09-01T10:20:30.456Z');
  expect(text).toContain('on a remote machine, as it ran there, Docker Engine 28.5.2 (API 1.51)');
  expect(text).toContain('limit of this kind of host: no second machine');
});

test('of a lab that another run graded, or another rubric scored: that run, its engine and its rubric', () => {
  const record = recordWith([{}]);
  const run = { startedAt: '2026-08-01T00:00:00.000Z', on: 'another', rules: '0123456789ab' };
  const engine = { ...record.engine, version: '20.10.24', host: 'local' as const };
  const rubric = { file: 'first.yaml', sha256: '0123456789ab' };
  const text = explain({ ...record, labs: [{ ...record.labs[0]!, run, engine, rubric }] }, 'c0');
  expect(text).toContain('a run that began 2026-08-01T00:00:00.000Z');
  expect(text).toContain('on the grading machine’s own Docker, Docker Engine 20.10.24');
  expect(text).toContain('points by first.yaml (0123456789ab)');
});

test('a student’s text is inert in it, and a student’s name is one word of a command', () => {
  const hostile = {
    title: HOSTILE,
    expected: HOSTILE,
    actual: HOSTILE,
    hint: HOSTILE,
    evidence: [{ what: HOSTILE, output: HOSTILE }],
  };
  const text = explain(recordWith([hostile], HOSTILE), 'c0');
  // eslint-disable-next-line no-control-regex -- control characters are what must not be there
  expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  expect(explain(recordWith([{}], "o'brien; rm x"), 'c0')).toContain(`npm run grade -- 'o'\\''brien; rm x' --lab`);
});

test.each([
  ['nginx-pubic-only', ['nginx-public-only']],
  ['ngixn-public-only', ['nginx-public-only']],
  ['public', ['nginx-public-only']],
  ['ALICE', ['alice']],
  ['q1', []],
  ['entirely-else', []],
])('%s is near %j', (typed, names) => {
  expect(near(typed, ['nginx-public-only', 'mongo-private-only', 'alice'])).toEqual(names);
});

test('names that nothing comes near are answered with all that there are', () => {
  expect(instead('xyz', ['alice', 'bob'], 'there are')).toBe('there are alice, bob');
  expect(instead('alic', ['alice', 'bob'], 'there are')).toBe('did you mean alice?');
});
