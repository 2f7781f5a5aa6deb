/** Records for tests of report formats: random ones, and texts that a student could write to do harm in a report. */
import fc from 'fast-check';
import type { EngineFacts } from '../../helpers/lab-host/lab-host.ts';
import type { CriterionRecord, LabRecord, StudentRecord } from '../../helpers/report/record.ts';
import { total } from '../../helpers/report/whole-points.ts';

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
  '```\n````\nout of the fence',
  '| a | b |\n|---|---|',
  '<script>alert(1)</script><img src=x onerror=y><details>',
  '[click](https://evil.example) ![see](https://evil.example/x.png)',
  '<https://evil.example> https://evil.example www.evil.example a@evil.example',
  '@octocat @org/team #12',
  '\u202egnp.exe\u202c \u2066hidden\u2069 \u200f',
  '$$\\frac{1}{2}$$ **bold** _it_ ~~gone~~ `code',
  '# heading\n- item\n> quote\n***',
  '<!-- swallowed',
  '&lt;b&gt; \\| \\` \\',
  'half a character \ud83d',
  '\u0000\u0085\u2028::error::after a separator',
];
export const HOSTILE = HOSTILE_LINES.join('\n');

/** A fixed seed: a failure is the same failure tomorrow. */
export const RUNS = { seed: 50, numRuns: 60 };

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

function anyLab(maxima: fc.Arbitrary<number>): fc.Arbitrary<Omit<LabRecord, 'lab'>> {
  const graded = fc.array(anyCriterion(maxima), { minLength: 1, maxLength: 14 }).map((criteria) =>
    labOf(
      criteria.some(({ status }) => status === 'error') ? 'error' : 'graded',
      criteria.map((criterion, i) => ({ id: `c${i}`, ...criterion })),
    ),
  );
  const without = fc
    .record({ status: fc.constantFrom('missing', 'invalid', 'error'), maxScore: maxima, message: anyText })
    .map(({ status, maxScore, message }) => ({ ...labOf(status, []), maxScore, message }));
  return fc.oneof({ weight: 4, arbitrary: graded }, { weight: 1, arbitrary: without });
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
