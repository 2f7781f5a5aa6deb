/** course.yaml and overrides.yaml: what a course says, and what becomes of it. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { refuseFound } from '../../helpers/cli/course.ts';
import { parseOptions } from '../../helpers/cli/options.ts';
import { scoredClass } from '../../helpers/cli/rescore.ts';
import { ClassBook } from '../../helpers/report/class-book.ts';
import type { CriterionRecord, LabRecord, StudentRecord } from '../../helpers/report/record.ts';
import { countedRecord, notCounting } from '../../helpers/report/recording.ts';
import { scoreLab, scoreRecord } from '../../helpers/report/rubric/apply.ts';
import { loadRubric, remarksOn } from '../../helpers/report/rubric/load.ts';
import { remarksOnOverrides } from '../../helpers/report/rubric/overrides.ts';
import { catalogueRubric, type Rubric } from '../../helpers/report/rubric/rubric.ts';
import { labView, studentView } from '../../helpers/report/student-view.ts';
import { creditedFor } from '../../helpers/submission/groups.ts';
import { findWork } from '../../helpers/run/work.ts';
import type { GradableLab } from '../../helpers/lab/catalogue.ts';
import { labNotes, sentencesOf } from '../../helpers/report/criterion-text.ts';
import { recordOf, recordWith } from '../helpers/records.ts';
import { wholeCatalogue } from '../helpers/rubrics.ts';
import { schemaErrors } from '../helpers/schema.ts';

const LAB = 'none-network';
let root: string;
let catalogue: Map<string, GradableLab>;
beforeAll(async () => {
  // Nothing here runs a spec.
  catalogue = new Map([...(await wholeCatalogue())].map(([name, lab]) => [name, { ...lab, spec: '' }]));
});
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'netgrade-course-'));
  mkdirSync(path.join(root, 'submissions'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function put(file: string, text: string): void {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
}

const optionsFor = (...args: string[]) => parseOptions(['--submissions', path.join(root, 'submissions'), ...args])!;

function rubricFor(...args: string[]): Rubric {
  return loadRubric(optionsFor(...args), catalogue);
}

function record(student: string, statuses: Record<string, CriterionRecord['status']>, lab = LAB): StudentRecord {
  const ids = Object.keys(catalogue.get(lab)!.criteria);
  const { labs } = recordWith(ids.map((id) => ({ id, status: statuses[id] ?? 'passed' })));
  return scoreRecord(recordOf(student, [{ ...labs[0]!, lab }]), catalogueRubric(catalogue.values()));
}

const labIn = ({ labs }: StudentRecord): LabRecord => labs[0]!;
const criterionIn = (of: StudentRecord, id: string) => labIn(of).criteria.find((each) => each.id === id)!;

describe('files beside one student’s work, which may be the student’s', () => {
  const OVERRIDE = `- { student: eve, lab: ${LAB}, criterion: no-route, points: 1, reason: I, who: I, when: 2026-12-01 }`;

  test.each([
    ['of one lab', 'eve/mine/compose.yaml', 'eve/mine', ['--lab', LAB]],
    ['of one lab, in a folder of its name', `eve/${LAB}/run.sh`, `eve/${LAB}`, []],
    ['with a folder for each lab', `eve/mine/${LAB}/run.sh`, 'eve/mine', []],
  ])('are refused unless they are named: %s', async (_, file, folder, args) => {
    put(file, '');
    put('eve/overrides.yaml', OVERRIDE);
    const at = (...more: string[]) => parseOptions(['--submissions', path.join(root, folder), ...args, ...more])!;
    const found = at();
    expect((await findWork(found, catalogue)).isOneStudents).toBe(true);
    expect(() => {
      refuseFound(found);
    }).toThrow(/overrides\.yaml lies beside one student’s work.*--overrides FILE/);
    put('eve/course.yaml', 'min-score: 0\n');
    expect(() => {
      refuseFound(at());
    }).toThrow(/course\.yaml lies beside one student’s work.*--course FILE/);
    const named = at('--course', path.join(root, 'eve/course.yaml'));
    expect(named).toMatchObject({ found: [], minScore: 0, overrides: path.join(root, 'eve/overrides.yaml') });
  });

  test('are not looked for where a student’s name is given; beside a class they are found', async () => {
    put(`submissions/eve/${LAB}/run.sh`, '');
    put('overrides.yaml', OVERRIDE);
    put('course.yaml', '# labs: [none-network]\n');
    expect(optionsFor('--student', 'eve')).not.toHaveProperty('overrides');
    expect(optionsFor('--student', 'eve')).not.toHaveProperty('course');
    expect((await findWork(optionsFor(), catalogue)).isOneStudents).toBeUndefined();
    expect(optionsFor().found).toHaveLength(2);
  });
});

describe('a course file beside the submissions', () => {
  const COURSE = `labs: [${LAB}, sandbox]
rubric: points.yaml
out: class-reports
format: [canvas, html]
roster: export.csv
min-score: 50
no-foreign-images: true
due: 2026-12-01T12:00:00Z
shows: verdict
groups:
  team-1: [alice, 007]
folders: { Exercise 2: sandbox, notes: none }
`;

  test('has options and a rubric; its paths are relative to it; what is typed wins', () => {
    put('course.yaml', COURSE);
    put('export.csv', 'Student,ID\n');
    put('points.yaml', `due: 2026-11-01T12:00:00Z\nhints: none\n`);
    const options = optionsFor('--folder', 'drafts=none', '--folder', `notes=${LAB}`);
    expect(options.folders).toEqual(
      new Map([
        ['Exercise 2', 'sandbox'],
        ['notes', LAB],
        ['drafts', 'none'],
      ]),
    );
    expect(options).toMatchObject({
      labs: [LAB, 'sandbox'],
      out: path.join(root, 'class-reports'),
      formats: ['canvas', 'html'],
      courseRosters: [path.join(root, 'export.csv')],
      minScore: 50,
      foreignImages: false,
    });
    expect(optionsFor('--min-score', '70', '--lab', 'sandbox')).toMatchObject({ minScore: 70, labs: ['sandbox'] });
    const rubric = rubricFor();
    expect(rubric.labs.get(LAB)?.due).toEqual(new Date('2026-12-01T12:00:00Z'));
    expect(rubric.labs.get(LAB)?.criteria.get('no-route')).toMatchObject({ hints: 'none', shows: 'verdict' });
    expect([rubric.groups.get('team-1'), rubric.counting]).toEqual([
      ['alice', '007'],
      [LAB, 'sandbox'],
    ]);
    expect(rubric.stamp).toMatchObject({ file: 'points.yaml', course: { file: 'course.yaml' } });
    // A rubric that is typed says more than the course file.
    put('other.yaml', 'due: 2026-11-01T12:00:00Z\n');
    const typed = rubricFor('--rubric', path.join(root, 'other.yaml'));
    expect(typed.labs.get(LAB)?.due).toEqual(new Date('2026-11-01T12:00:00Z'));
  });

  test('tells all its mistakes at once, by line, with the nearest names', () => {
    put(
      'course.yaml',
      `lab: x
labs: [none-netwrk]
due: tomorrow
min-score: many
fromat: html
late: { perday: 10 }
groups:
  a: [alice]
  b: [alice]
shows: sene
live: perhaps
host: here
folders: { Exercise 2: sandbx }
folder: [notes=none]
roster: [export.csv, course.yaml]
rubric: pionts.yaml
`,
    );
    expect(() => rubricFor()).toThrow(
      new RegExp(
        [
          'line 1: unknown key "lab" in a course; did you mean labs\\?',
          'line 2: there is no lab called "none-netwrk"; did you mean none-network\\?',
          'line 3: due: "tomorrow" is not a date and time; .*',
          'line 4: min-score takes a number from 0 to 100; it is "many"',
          'line 5: unknown key "fromat" in a course; did you mean format\\?',
          'line 6: unknown key "perday" in late; did you mean perDay\\?',
          'line 6: late needs perDay: .*',
          'line 6: late needs to know when work was handed in: .*',
          'line 9: alice is in a, too: a student is in one group',
          'line 10: shows must be one of verdict, seen, full; did you mean seen\\?',
          'line 11: live must be true or false',
          'line 12: --host "here" is not one of: .*',
          'line 13: there is no lab called "sandbx"; did you mean sandbox\\?',
          'line 14: unknown key "folder" in a course; did you mean folders\\?',
          'line 15: roster: there is no .*export\\.csv',
          'line 16: rubric: there is no .*pionts\\.yaml',
        ]
          .map((line) => `.*course\\.yaml, ${line}`)
          .join('\n'),
      ),
    );
  });

  test('is refused where students write', () => {
    put('submissions/alice/course.yaml', 'min-score: 0\n');
    expect(() => rubricFor('--course', path.join(root, 'submissions/alice/course.yaml'))).toThrow(
      'lies among the submissions',
    );
  });
});

describe('late days and extensions', () => {
  const TWO = { a: '2026-12-02T11:00:00Z', b: '2026-12-11T11:00:00Z' };

  function latesWith(course: string, times = TWO): LabRecord['late'][] {
    put(
      'course.yaml',
      `handedIn: times.csv\nlabs:\n  ${LAB}: { due: 2026-12-01T12:00:00Z }\n  sandbox: { due: 2026-12-10T12:00:00Z }\n${course}`,
    );
    put('times.csv', `student,lab,time\nalice,${LAB},${times.a}\nalice,sandbox,${times.b}\n`);
    const rubric = rubricFor();
    return [LAB, 'sandbox'].map((lab) => scoreLab('alice', labIn(record('alice', {}, lab)), rubric).late);
  }

  test('a budget is spent in the order of the due dates; then points are taken off', () => {
    expect(latesWith('late: { perDay: 10, days: 1 }\n')).toEqual([
      { handedIn: '2026-12-02T11:00:00.000Z', percent: 0, freeDays: 1 },
      { handedIn: '2026-12-11T11:00:00.000Z', percent: 10 },
    ]);
    expect(latesWith('late: { perDay: 10 }\n').map((late) => late?.percent)).toEqual([10, 10]);
  });

  test('an extension may say how much longer, and one of a member is one of the group', () => {
    const late = 'late: { perDay: 10 }\n';
    expect(latesWith(`${late}extensions: { alice: +1 day }\n`)).toEqual([undefined, undefined]);
    expect(latesWith(`${late}groups: { t: [alice, bob] }\nextensions: { bob: { sandbox: +24 hours } }\n`)).toEqual([
      expect.objectContaining({ percent: 10 }),
      undefined,
    ]);
    expect(() => latesWith(`${late}extensions: { alice: +1 fortnight }\n`)).toThrow('or how much longer, like +2 days');
  });
});

describe('overrides', () => {
  const ENTRY = `- student: alice
  lab: ${LAB}
  criterion: no-route
  points: 12.5
  reason: The route was the machine’s.
  who: Dr. Example
  when: 2026-12-03
`;

  test('give points whatever the verdict, are shown with their reason, and survive rescoring without the file', () => {
    put('overrides.yaml', ENTRY);
    const before = record('alice', { 'no-route': 'failed' });
    const after = scoreRecord(before, rubricFor());
    expect(schemaErrors(after)).toEqual([]);
    expect(criterionIn(after, 'no-route')).toMatchObject({
      status: 'failed',
      score: 12.5,
      override: { verdict: 'failed' },
    });
    expect([after.score, labIn(after).score]).toEqual([before.score + 12.5, before.score + 12.5]);
    expect(sentencesOf(criterionIn(after, 'no-route'), labIn(after), 500)[0]).toBe(
      'points given by hand: 12.5 (Dr. Example, 2026-12-03): The route was the machine’s.',
    );
    expect(scoreRecord(after, catalogueRubric(catalogue.values())).score).toBe(after.score);
    put('overrides.yaml', '');
    expect(scoreRecord(after, rubricFor()).score).toBe(before.score);
    expect(scoreRecord(record('bob', {}), rubricFor())).not.toHaveProperty('labs.0.overrides');
  });

  test('survive regrading, and are flagged when the verdict under them has changed', () => {
    put('overrides.yaml', ENTRY);
    const rubric = rubricFor();
    const first = scoreRecord(record('alice', { 'no-route': 'failed' }), rubric);
    expect(remarksOnOverrides([first], rubric)).toEqual([]);
    const again = scoreLab('alice', labIn(record('alice', {})), rubric, labIn(first));
    const regraded = { ...first, labs: [again] };
    expect(criterionIn(regraded, 'no-route')).toMatchObject({ status: 'passed', score: 12.5 });
    expect(remarksOnOverrides([regraded], rubric)).toEqual([
      `alice  ${LAB} no-route: Dr. Example gave 12.5 points when the verdict was failed; it is passed now: look at it again`,
    ]);
    expect(remarksOnOverrides([record('alcie', {})], rubric)).toEqual([expect.stringContaining('is it alcie?')]);
  });

  test('survive judging again: what is judged anew has none, and takes them from the record that it replaces', () => {
    put('overrides.yaml', ENTRY);
    const first = scoreRecord(record('alice', { 'no-route': 'failed' }), rubricFor());
    const own = catalogueRubric(catalogue.values());
    const judged = record('alice', { 'no-route': 'skipped' });
    expect(criterionIn(scoreRecord(judged, own, first), 'no-route')).toMatchObject({
      status: 'skipped',
      score: 12.5,
      override: { verdict: 'failed' },
    });
    expect(scoredClass([judged], own, [first])[0]).toMatchObject({ score: first.score });
  });

  test('count for a lab that could not be deployed; a hidden one is hidden from the student', () => {
    put('overrides.yaml', ENTRY);
    put('course.yaml', `labs:\n  ${LAB}:\n    criteria:\n      no-route: { visibility: hidden }\n`);
    const invalid = recordOf('alice', [{ ...labIn(record('alice', {})), status: 'invalid', criteria: [] }]);
    const scored = scoreRecord(invalid, rubricFor());
    expect(schemaErrors(scored)).toEqual([]);
    expect([scored.score, scored.maxScore]).toEqual([12.5, 100]);
    const view = studentView(scored, new Date());
    expect([view.score, labIn(view).overrides]).toEqual([0, undefined]);
  });

  test('tell all mistakes at once', () => {
    put(
      'overrides.yaml',
      `${ENTRY}${ENTRY}- student: bob\n  lab: ${LAB}\n  points: 5\n${ENTRY.replace('12.5', '99').replace('alice', '007')}` +
        `- { student: bob, lab: ${LAB}, criterion: no-rute, points: -1, reason: r, who: w, when: today }\n`,
    );
    expect(() => rubricFor()).toThrow(
      new RegExp(
        [
          'line 8: alice has another override for no-route',
          'line 15: an override needs criterion, reason, who, when',
          'line 21: points must be a number from 0 to \\d+, which is all that no-route has',
          'line 25: there is no criterion of none-network called "no-rute"; did you mean no-route\\?',
          'line 25: points must be a number from 0 to 100',
          'line 25: when: "today" is no day',
        ].join('.*\n.*'),
      ),
    );
  });
});

describe('how much a failed rule shows until it is due', () => {
  const view = (shows: string, now: string): CriterionRecord => {
    put('course.yaml', `due: 2026-12-01T12:00:00Z\nshows: ${shows}\n`);
    const failed = record('alice', { 'no-route': 'failed' });
    const scored = scoreRecord(failed, rubricFor());
    return criterionIn(studentView({ ...scored, labs: scored.labs }, new Date(now)), 'no-route');
  };
  const BEFORE = '2026-11-30T00:00:00Z';

  test('the verdict, what was seen, or everything; and everything afterwards', () => {
    expect(view('verdict', BEFORE)).toMatchObject({ status: 'failed', expected: '', hint: '', evidence: [] });
    expect(view('verdict', BEFORE).actual).toBe('what was seen is shown after 2026-12-01T12:00:00.000Z');
    expect(view('seen', BEFORE)).toMatchObject({ expected: '', hint: '', actual: 'it does not hold' });
    const whole = view('full', BEFORE);
    expect(whole).toMatchObject({ expected: 'it holds', actual: 'it does not hold' });
    const afterwards = view('verdict', '2026-12-02T00:00:00Z');
    expect(afterwards).toEqual({ ...whole, shows: 'verdict' });
  });

  test('needs a due date', () => {
    put('course.yaml', `labs:\n  ${LAB}: { shows: seen }\n`);
    expect(() => rubricFor()).toThrow(`line 2: shows: seen is until the due date, and ${LAB} has none: say "due:"`);
  });
});

describe('groups', () => {
  const SCRIPT = 'docker run -d --network none --name isolated alpine sleep 600\n';
  const COURSE = 'groups: { team-1: [alice, bob] }\n';
  const work = (...args: string[]) => findWork(optionsFor(...args), catalogue, rubricFor().groups);

  test('what one member handed in is graded once, whoever is named', async () => {
    put('course.yaml', COURSE);
    put(`submissions/bob/${LAB}/run.sh`, SCRIPT);
    put(`submissions/carol/${LAB}/run.sh`, SCRIPT);
    const team = {
      name: 'team-1',
      members: ['alice', 'bob'],
      labs: new Map([[LAB, path.join(root, 'submissions/bob', LAB)]]),
    };
    expect((await work()).students).toEqual([
      expect.objectContaining({ name: 'carol' }),
      expect.objectContaining(team),
    ]);
    expect((await work('alice')).students).toEqual([expect.objectContaining(team)]);
  });

  test('a mistyped member is noticed by who is left in no group; a member’s time and extension are the group’s', async () => {
    put(
      'course.yaml',
      `${COURSE.replace('bob', 'bobb')}due: 2026-12-01T12:00:00Z\nlate: { perDay: 10 }\nhandedIn: times.csv\nextensions: { alice: +1 day }\n`,
    );
    put('times.csv', 'student,time\nalice,2026-12-01T11:00:00Z\nbob,2026-12-01T11:00:00Z\n');
    for (const student of ['alice', 'bob']) put(`submissions/${student}/${LAB}/run.sh`, SCRIPT);
    const { students } = await work();
    expect(students.map(({ name }) => name)).toEqual(['bob', 'team-1']);
    expect(remarksOn(rubricFor(), students.flatMap(creditedFor))).toEqual([
      'in no group of the course file, and graded alone: bob',
    ]);
  });

  test('copies for each member are one; different work is refused, all of it at once', async () => {
    put('course.yaml', COURSE);
    for (const member of ['alice', 'bob']) put(`submissions/${member}/${LAB}/run.sh`, SCRIPT);
    expect((await work()).students).toHaveLength(1);
    put(`submissions/bob/${LAB}/run.sh`, 'true\n');
    await expect(work()).rejects.toThrow(`team-1 has handed in ${LAB} twice:`);
  });
});

describe('a lab that nobody has handed in', () => {
  const missing = (student: string, handedIn: boolean): StudentRecord => {
    const { labs } = record(student, {});
    const other = {
      ...labIn(record(student, {}, 'sandbox')),
      status: 'missing' as const,
      score: 0,
      maxScore: 100,
      criteria: [],
    };
    return recordOf(student, [handedIn ? labs[0]! : { ...labs[0]!, status: 'missing', score: 0, criteria: [] }, other]);
  };

  test('changes nobody’s total, unless the course says that it counts', () => {
    const records = [missing('alice', true), missing('bob', false)];
    expect(notCounting(records)).toEqual(['sandbox']);
    expect(notCounting(records, [LAB, 'sandbox'])).toEqual([]);
    expect(notCounting(records.slice(0, 1))).toEqual([]);
    const counted = records.map((each) => countedRecord(each, notCounting(records)));
    expect(counted.map(({ score, maxScore }) => [score, maxScore])).toEqual([
      [100, 100],
      [0, 100],
    ]);
    expect(counted.flatMap(schemaErrors)).toEqual([]);
    expect(countedRecord(counted[0]!, [])).toMatchObject({ maxScore: 200 });
  });

  test('counts for everybody again when somebody has handed it in', async () => {
    const book = await ClassBook.open(path.join(root, 'out'), [LAB, 'sandbox'], () => undefined);
    for (const each of [missing('alice', true), missing('bob', false)]) await book.enterAll(each);
    await book.settle();
    expect(book.records.map(({ maxScore }) => maxScore)).toEqual([100, 100]);
    await book.enterAll(record('bob', {}, 'sandbox'));
    await book.settle();
    expect(book.records.map(({ maxScore }) => maxScore)).toEqual([200, 200]);
  });
});

describe('attempts', () => {
  const attempt = (submission: string, startedAt: string, status: 'passed' | 'failed') => {
    const lab = labIn(record('alice', { 'no-route': status }));
    return { ...lab, run: { startedAt, on: 'a test', rules: '0123456789ab', submission } };
  };
  const WORSE = attempt.bind(undefined, 'bbbbbbbbbbbb', '2026-11-02T00:00:00.000Z', 'failed');

  test.each([
    ['best', 0],
    ['latest', 1],
  ] as const)('are kept, and the %s counts', async (which, counting) => {
    const first = attempt('aaaaaaaaaaaa', '2026-11-01T00:00:00.000Z', 'passed');
    const book = await ClassBook.open(path.join(root, 'out'), [LAB], () => undefined);
    await book.enter('alice', first, undefined, which);
    expect(labIn(book.records[0]!).attempts).toBeUndefined();
    await book.enter('alice', WORSE(), undefined, which);
    const [after] = book.records;
    expect(schemaErrors(after!)).toEqual([]);
    expect(labIn(after!).attempts?.map(({ counts }) => counts === true)).toEqual([counting === 0, counting === 1]);
    expect(after!.score).toBe(which === 'best' ? first.score : WORSE().score);
    // The same work again is no attempt.
    await book.enter('alice', WORSE(), undefined, which);
    expect(labIn(book.records[0]!)).toEqual(labIn(after!));
    expect(readdirSync(path.join(root, 'out/attempts/alice', LAB))).toHaveLength(1);
    expect(labNotes(labIn(after!))[0]).toContain(`attempt ${counting + 1} of 2 counts`);
    // A total would tell how hidden rules came out.
    const hidden = {
      ...labIn(after!),
      criteria: labIn(after!).criteria.map((each) => ({ ...each, visibility: 'hidden' as const })),
    };
    expect(labView(hidden, new Date()).attempts?.flatMap(({ score }) => score ?? [])).toEqual([]);
  });
});
