/** `npm run judge` over kept surveys, as an instructor runs it: no engine is in reach. */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Status } from '../../helpers/lab/verdict.ts';
import type { LabRecord } from '../../helpers/report/record.ts';
import { gradedLab, studentRecord, ungradedLab } from '../../helpers/report/recording.ts';
import { surveyFile } from '../../helpers/report/report-name.ts';
import { NO_ENGINE } from '../../helpers/survey/nothing.ts';
import { packSurvey } from '../../helpers/survey/survey-file.ts';
import { judgeKept, recordOf, workspace, type Workspace } from '../helpers/grade.ts';
import { labCalled } from '../helpers/labs.ts';
import { recorded, SURVEYS } from '../helpers/surveys.ts';
import { schemaErrors } from '../helpers/schema.ts';
import { verdict } from '../helpers/watched.ts';

const NOBODY = { DOCKER_HOST: 'unix:///nonexistent/docker.sock' };
const LONG_MS = 60_000;
const STARTED_AT = '2026-09-01T10:00:00.000Z';
const EARLIER = '2026-08-31T10:00:00.000Z';

let place: Workspace;
/** As it was before anything was judged again. */
let graded: string;
let reports: string;

/** A lab as an earlier version of its rules judged it: every criterion ends as is said here, or else is passed. */
async function judgedEarlier(name: string, ends: Record<string, Status> = {}): Promise<LabRecord> {
  const lab = await labCalled(name);
  const verdicts = Object.keys(lab.criteria).map((id) => verdict(id, ends[id] ?? 'passed'));
  const record = gradedLab(lab, verdicts, { ...recorded(name), timings: { boot: 500, judge: 40 } }, 4321);
  return { ...record, timings: { boot: 500, judge: 40, fingerprint: 2 } };
}

function keep(student: string, lab: string, startedAt = STARTED_AT): void {
  const file = path.join(graded, surveyFile(student, lab));
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, packSurvey(lab, recorded(lab), { startedAt }));
}

function writeRecord(student: string, labs: LabRecord[]): void {
  const record = studentRecord(student, labs, { startedAt: STARTED_AT, engine: { ...NO_ENGINE, version: '28.5.2' } });
  writeFileSync(path.join(graded, `${student}.json`), JSON.stringify(record));
}

beforeAll(async () => {
  place = workspace();
  graded = path.join(place.out, '../graded');
  mkdirSync(graded, { recursive: true });
  const questions = Object.keys((await labCalled('self-check')).criteria);
  writeRecord('alice', [
    await judgedEarlier('none-network', { 'loopback-only': 'failed', 'no-route': 'error' }),
    await judgedEarlier('self-check', { [questions[0]!]: 'failed' }),
  ]);
  keep('alice', 'none-network');
  keep('alice', 'self-check');
  writeRecord('bob', [await judgedEarlier('none-network')]);
  keep('bob', 'none-network');
  writeRecord('carol', [await judgedEarlier('none-network')]);
  // The surveys of these are of an earlier run.
  writeRecord('dave', [ungradedLab(await labCalled('none-network'), 'missing', 'none-network was not handed in')]);
  keep('dave', 'none-network', EARLIER);
  keep('carol', 'none-network', EARLIER);
});

beforeEach(() => {
  reports = place.out;
  rmSync(reports, { recursive: true, force: true });
  cpSync(graded, reports, { recursive: true });
});

afterAll(() => {
  place[Symbol.dispose]();
});

function filesIn(folder: string): Record<string, string> {
  const files = readdirSync(folder).filter((name) => /\.(json|csv)$/.test(name));
  return Object.fromEntries(files.map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]));
}

describe('judging kept surveys again', () => {
  test(
    'says what changes for whom, criterion by criterion, and who could not be judged again',
    async () => {
      const { exitCode, stdout, stderr } = await judgeKept([reports], NOBODY);
      expect([exitCode, stderr]).toEqual([0, '']);
      expect(stdout).toContain('3 surveys judged again, scored by the labs’ own points');
      expect(stdout).toMatch(/^ {2}alice {2}[\d.]+\/200 -> 200\/200 {2}\(\+[\d.]+\)$/m);
      expect(stdout).toMatch(/^ {4}none-network loopback-only: failed -> passed \(\+30\)$/m);
      expect(stdout).toMatch(/^ {4}none-network no-route: error -> passed \(\+\d+\)$/m);
      expect(stdout).toMatch(/^ {4}self-check [\w-]+: failed -> passed \(\+[\d.]+\)$/m);
      expect(stdout).not.toContain('  bob');
      expect(stdout).toContain('carol  none-network: no survey is kept of it: grade it again');
      expect(stdout).toContain('dave  none-network: none-network was not handed in');
      expect(stdout).toContain('1 gains, 0 lose, 3 unchanged');
    },
    LONG_MS,
  );

  test(
    'writes records that keep what was measured, and the class’s files; another time nothing changes',
    async () => {
      await judgeKept([reports], NOBODY);
      const alice = recordOf(reports, 'alice');
      expect(schemaErrors(alice)).toEqual([]);
      expect(alice).toMatchObject({ score: 200, startedAt: '2026-09-01T10:00:00.000Z', engine: { version: '28.5.2' } });
      expect(alice.labs[0]).toMatchObject({
        status: 'graded',
        durationMs: 4321,
        timings: { boot: 500, judge: 40, fingerprint: 2 },
      });
      expect(alice.labs[0]?.criteria[1]?.actual).toBe('isolated has lo and no other interface');
      expect(alice.labs[0]?.message).toBeUndefined();
      const files = filesIn(reports);
      expect(files['gradebook.csv']).toMatch(/^alice,100,100,200,200\r$/m);
      expect(files['judged-again.csv']).toMatch(/^alice,.*,200,/m);
      const { stdout } = await judgeKept([reports], NOBODY);
      expect(stdout).toContain('0 gain, 0 lose, 4 unchanged');
      const again = filesIn(reports);
      for (const student of ['alice', 'bob', 'carol', 'dave'])
        expect(again[`${student}.json`]).toBe(files[`${student}.json`]);
    },
    LONG_MS,
  );

  test(
    'can be of some students and labs only, by a rubric, and write nothing',
    async () => {
      const before = filesIn(reports);
      const rubric = path.join(place.out, '../rubric.txt');
      writeFileSync(
        rubric,
        'labs:\n  none-network:\n    criteria:\n      loopback-only: { points: 50 }\n      no-route: { points: 10 }\n      cannot-reach: { points: 20 }\n      containers-running: { points: 20 }\n',
      );
      const args = [reports, 'alice', '--lab', 'none-network', '--rubric', rubric, '--dry-run'];
      const { exitCode, stdout } = await judgeKept(args, NOBODY);
      expect([exitCode, stdout]).toEqual([0, expect.stringContaining('1 survey judged again, scored by rubric.txt')]);
      expect(stdout).toContain('none-network loopback-only: failed -> passed (+50)');
      expect(stdout).not.toMatch(/self-check|carol {2}none/);
      expect(filesIn(reports)).toEqual(before);
    },
    LONG_MS,
  );

  test.each<[string, () => string[], RegExp]>([
    ['no folder', () => [], /name the folder with the reports/],
    ['a folder that is not there', () => [`${reports}-nowhere`], /there is no folder .*-nowhere/],
    ['a student without a record', () => [reports, 'alise'], /no record of "alise".*did you mean alice\?/],
    ['a lab that there is not', () => [reports, '--lab', 'none'], /there is no lab "none".*none-network/],
    ['students without surveys', () => [reports, 'carol'], /can be judged again.*\n.*carol.*no survey is kept/],
    ['a damaged survey', () => [damaged(), 'bob'], /bob.none-network\.json\.gz cannot be read as a survey/],
    ['a survey of another lab', () => [swapped(), 'bob'], /is a survey of self-check/],
  ])('refuses %s', async (_, args, reason) => {
    const { exitCode, stderr } = await judgeKept(args(), NOBODY);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(reason)]);
  });
});

function damaged(): string {
  writeFileSync(path.join(reports, surveyFile('bob', 'none-network')), 'no survey');
  return reports;
}

function swapped(): string {
  cpSync(path.join(SURVEYS, 'self-check.json.gz'), path.join(reports, surveyFile('bob', 'none-network')));
  return reports;
}
