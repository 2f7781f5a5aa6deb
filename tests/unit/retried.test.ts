/** What was done a second time says so. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { definition } from '../../specs/none-network.lab.ts';
import type { GradableLab } from '../../helpers/lab/catalogue.ts';
import { gradeLab, type Equipment } from '../../helpers/run/grade-lab.ts';
import { ofLastTry } from '../../helpers/run/record-stage.ts';
import type { LabHost } from '../../helpers/machine/lab-host/lab-host.ts';
import { failedLab } from '../../helpers/report/recording.ts';
import { readSubmission } from '../../helpers/submission/submission.ts';

const LAB = { ...definition, machines: 1 } as unknown as GradableLab;
const DROPPED = 'the connection to lab.example was lost';

test('the first try says nothing of tries', () => {
  const record = failedLab(LAB, 'it is broken', 1);
  expect(ofLastTry(record, [])).toBe(record);
});

test('what was graded at the second try says so, in its message and in the evidence of every criterion', () => {
  const failed = failedLab(LAB, '', 1);
  const { message, ...first } = failed;
  const record = ofLastTry({ ...first, status: 'graded' }, [DROPPED]);
  expect([message, record.message]).toEqual(['', `graded at the second try: ${DROPPED}`]);
  const evidence = record.criteria.map((each) => each.evidence.at(-1));
  expect(evidence).toEqual(
    record.criteria.map(() => ({ what: 'graded at the second try', output: DROPPED, described: true })),
  );
});

test('a lab whose machine is lost twice says why each time', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'netgrade-unit-'));
  try {
    mkdirSync(path.join(folder, LAB.name));
    writeFileSync(path.join(folder, LAB.name, 'run.sh'), '');
    let tries = 0;
    const host = (): LabHost => {
      const why = `${DROPPED}, ${++tries}`;
      return { upload: () => Promise.reject(new Error('broken pipe')), lost: () => why, workplace: '/' } as never;
    };
    const equipment = {
      hosts: { kind: 'ssh', tries: 2, take: () => Promise.resolve(host()), release: () => undefined },
      images: { provide: () => Promise.resolve(undefined) },
      live: false,
      material: { of: () => Promise.resolve({ texts: [] }) },
    } as unknown as Equipment;
    const { record } = await gradeLab(equipment, LAB, await readSubmission(path.join(folder, LAB.name)));
    expect([record.status, record.message, tries]).toEqual([
      'error',
      `${DROPPED}, 2; tried at the second try: ${DROPPED}, 1`,
      2,
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('what was seen is kept when the judge is lost: it can be judged later', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'netgrade-unit-'));
  try {
    writeFileSync(path.join(folder, 'answers.yaml'), 'q1: yes\n');
    const answers = { ...LAB, machines: 0, survey: { roles: [], answers: 'answers.yaml' } } as unknown as GradableLab;
    const equipment = {
      hosts: { kind: 'disposable', tries: 1 },
      judge: { getReady: () => undefined, judge: () => Promise.reject(new Error('the judge process was lost')) },
      images: { provide: () => Promise.resolve(undefined) },
    } as unknown as Equipment;
    const { record, survey } = await gradeLab(equipment, answers, await readSubmission(folder));
    expect([record.status, record.message]).toEqual(['error', 'the judge process was lost']);
    expect(survey?.answers?.answers).toEqual({ given: { q1: ['yes'] } });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
