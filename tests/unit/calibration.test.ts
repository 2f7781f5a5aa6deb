/** When lab hosts count as tested, and what is said when they do not give the known verdicts. */
import { expect, test } from '@jest/globals';
import { conditionsOf } from '../../helpers/machine/setup/calibration-mark.ts';
import type { Status } from '../../helpers/lab/verdict.ts';
import { failedLab } from '../../helpers/report/recording.ts';
import type { LabRecord } from '../../helpers/report/record.ts';
import { differencesFrom, KNOWN, KNOWN_LAB, type Known } from '../../helpers/run/known-verdicts.ts';
import { labCalled } from '../helpers/labs.ts';

/** A lab of which every criterion has its known verdict, but for these. */
async function graded({ notPassed }: Known, others: Record<string, Status> = {}): Promise<LabRecord> {
  const record = failedLab(await labCalled(KNOWN_LAB), '', 0);
  return {
    ...record,
    status: 'graded',
    criteria: record.criteria.map((each) => ({
      ...each,
      status: others[each.id] ?? notPassed[each.id] ?? 'passed',
      actual: 'what was seen',
    })),
  };
}

test('the known verdicts differ in nothing', async () => {
  for (const known of KNOWN) expect(differencesFrom(known, await graded(known))).toEqual([]);
});

test('known verdicts are about criteria that the lab has, and one submission breaks a rule', async () => {
  const { criteria } = await labCalled(KNOWN_LAB);
  const ids = KNOWN.flatMap(({ notPassed }) => Object.keys(notPassed));
  expect(Object.keys(criteria)).toEqual(expect.arrayContaining(ids));
  expect(KNOWN.map(({ notPassed }) => Object.values(notPassed).includes('failed'))).toEqual([false, true]);
});

test('a right submission that fails, and a wrong one that passes, differ', async () => {
  const [right, wrong] = KNOWN as [Known, Known];
  const isolation = 'nginx-cannot-reach-mongo';
  expect(differencesFrom(right, await graded(right, { [isolation]: 'failed' }))).toEqual([
    `${isolation} is failed, not passed: what was seen`,
  ]);
  expect(differencesFrom(wrong, await graded(wrong, { [isolation]: 'passed' }))).toEqual([
    `${isolation} is passed, not failed: what was seen`,
  ]);
});

test('causes are said before what is skipped because of them', async () => {
  const [right] = KNOWN as [Known];
  const record = await graded(right, {
    'networks-exist': 'skipped',
    'embedded-dns': 'failed',
    'real-mongo': 'skipped',
  });
  expect(differencesFrom(right, record)).toEqual([
    'embedded-dns is failed, not passed: what was seen',
    'skipped: networks-exist, real-mongo',
  ]);
});

test('a machine on which nothing can be graded says why', async () => {
  const record = failedLab(await labCalled(KNOWN_LAB), 'the lab host did not come up', 0);
  expect(differencesFrom(KNOWN[0]!, record)).toEqual(['was not graded (error): the lab host did not come up']);
});

test('another image, kernel, engine, runtime or control group version is tested anew', () => {
  const info = {
    ServerVersion: '28.5.2',
    KernelVersion: '6.1.0',
    CgroupVersion: '2',
    DefaultRuntime: 'runc',
    ContainerdCommit: { ID: 'a' },
    RuncCommit: { ID: 'b' },
  };
  const conditions = [
    conditionsOf('sha256:1', info),
    conditionsOf('sha256:2', info),
    conditionsOf('sha256:1', info, 'sysbox-runc'),
    ...Object.entries(info).map(([key, value]) =>
      conditionsOf('sha256:1', { ...info, [key]: typeof value === 'string' ? 'another' : { ID: 'another' } }),
    ),
  ];
  expect(new Set(conditions).size).toBe(conditions.length);
  expect(conditionsOf('sha256:1', info, 'runc')).toBe(conditions[0]);
});
