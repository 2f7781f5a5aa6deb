/** The one way to run a corpus: cases are graded in one run, on one generation of engine, and judged one by one. */
import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { isWrong } from '../../helpers/report/reach.ts';
import type { LabRecord } from '../../helpers/report/record.ts';
import type { Generation } from '../../helpers/machine/setup/generations.ts';
import { casesOf, layOut, type Case } from './corpus.ts';
import { criteriaWith, grade, labOf, recordOf, workspace, type Run, type Workspace } from './grade.ts';
import { labCalled } from './labs.ts';
import { unblocked } from './rounds.ts';
import { schemaErrors } from './schema.ts';
import { showSurprise } from './surprise.ts';

const RUN_MS = 25 * 60_000;

/** Where a corpus is graded, if not on lab hosts of this machine. */
export interface Elsewhere {
  place: Workspace;
  grade: (args: string[]) => Promise<Run>;
}

interface CorpusOptions {
  /** Which cases; all by default. Those that are not judged on this generation are never graded. */
  choose?: (each: Case) => boolean;
  /** Defines more tests per lab, over what was graded. */
  more?: (graded: GradedCorpus) => void;
  /** Asked when the tests run. */
  elsewhere?: () => Elsewhere;
}

/** What was graded of one lab. */
export interface GradedCorpus {
  cases: Case[];
  recordOf: (name: string) => LabRecord;
}

/** Defines the tests of a corpus run. */
export function testCorpus(
  generation: Generation,
  labs: string[],
  { choose = () => true, more, elsewhere }: CorpusOptions = {},
): void {
  let place: Workspace;
  const corpora = labs.map((lab) => ({
    lab,
    cases: casesOf(lab).filter((each) => each.engines.includes(generation) && choose(each)),
  }));
  const students = [...new Set(corpora.flatMap(({ cases }) => cases.map(({ name }) => name)))];
  let run: Run;

  beforeAll(async () => {
    const here: Elsewhere = elsewhere?.() ?? onLabHosts(generation);
    place = here.place;
    for (const { lab, cases } of corpora) for (const each of cases) layOut(lab, each, place.submissions);
    const wanted = labs.flatMap((lab) => ['--lab', lab]);
    run = await here.grade(wanted);
  }, RUN_MS);

  afterAll(() => {
    if (elsewhere === undefined) place[Symbol.dispose]();
  });

  test('everything was graded', () => {
    expect(run.stderr).not.toMatch(/internal error/);
    expect(run.exitCode).toBe(0);
  });

  test(`the lab hosts ran Engine ${generation}`, async () => {
    const versions = new Set(students.map((name) => recordOf(place.out, name).engine.version));
    versions.delete(''); // nothing had to be deployed for them
    const needed = await Promise.all(labs.map(labCalled));
    expect([...versions]).toEqual(
      needed.every(({ machines }) => machines === 0)
        ? []
        : [expect.stringMatching(`^${generation.replace('.', '\\.')}\\.`)],
    );
  });

  test('every record obeys the schema and adds up', () => {
    for (const name of students) {
      const record = recordOf(place.out, name);
      expect(schemaErrors(record)).toEqual([]);
      const points = record.labs.flatMap(({ criteria }) => criteria).reduce((sum, { score }) => sum + score, 0);
      expect([record.score, record.maxScore]).toEqual([points, 100 * labs.length]);
    }
  });

  describe.each(corpora)('$lab', ({ lab, cases }) => {
    const graded: GradedCorpus = { cases, recordOf: (name) => labOf(place.out, name, lab) };

    test.each(cases)('$name fails what it should, and nothing else', ({ name, good, fails, status }) => {
      const record = graded.recordOf(name);
      const seen = [record.status, criteriaWith(record, 'failed'), criteriaWith(record, 'error')];
      const wanted = [status, [...fails].sort(), []];
      if (!isDeepStrictEqual(seen, wanted)) showSurprise(`${lab}/${name}`, record, fails);
      expect(seen).toEqual(wanted);
      expect(good ? record.score === 100 : record.score < 100).toBe(true);
    });

    const told = cases.filter(({ cause }) => cause !== undefined);
    if (told.length > 0)
      test.each(told)('$name is told its cause first', ({ name, cause = '' }) => {
        const { cause: found, message = '' } = graded.recordOf(name);
        expect(found?.says ?? message).toMatch(new RegExp(cause));
      });

    test('a cause is said where containers do not run, and not where all is well', () => {
      const seen = cases.map(({ name }) => ({ name, record: graded.recordOf(name) }));
      const silent = seen.filter(({ record }) => !record.cause && !everyRoleRuns(record));
      const loud = seen.filter(({ record }) => record.score === 100 && record.cause);
      expect([silent, loud].map((each) => each.map(({ name }) => name))).toEqual([[], []]);
    });

    test('every criterion that was not judged names one that stands in the way', () => {
      for (const { name } of cases) expect([name, unblocked(graded.recordOf(name))]).toEqual([name, []]);
    });

    test('whoever keeps all rules is shown no way that should be otherwise', () => {
      const rows = cases
        .filter(({ good }) => good)
        .flatMap(({ name }) => (graded.recordOf(name).topology.reach ?? []).map((row) => ({ name, ...row })));
      expect(rows.filter(({ byName, byAddress }) => isWrong(byName) || isWrong(byAddress))).toEqual([]);
    });

    more?.(graded);
  });
}

/** Also where the task's roles are not known, or nothing was deployed. */
function everyRoleRuns({ status, topology: { containers, expected } }: LabRecord): boolean {
  if (status !== 'graded') return true;
  return (expected?.containers ?? []).every(({ role }) =>
    containers.some((each) => each.role === role && each.state === 'running'),
  );
}

function onLabHosts(generation: Generation): Elsewhere {
  const place = workspace();
  const where = ['--submissions', place.submissions, '--out', place.out, '--engine', generation];
  return { place, grade: (args) => grade([...where, ...args]) };
}
