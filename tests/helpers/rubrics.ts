/** Random records of the labs that there are, and random rubrics for them. */
import fc from 'fast-check';
import { stringify } from 'yaml';
import type { LabDefinition } from '../../helpers/lab/lab-definition.ts';
import type { Verdict } from '../../helpers/lab/verdict.ts';
import type { StudentRecord } from '../../helpers/report/record.ts';
import { failedLab, gradedLab, studentRecord, ungradedLab } from '../../helpers/report/recording.ts';
import { scoreRecord } from '../../helpers/report/rubric/apply.ts';
import { parseHandedIn } from '../../helpers/report/rubric/handed-in.ts';
import { parseRubric } from '../../helpers/report/rubric/parse.ts';
import { catalogueRubric, HINT_LEVELS, VISIBILITIES, type Rubric } from '../../helpers/report/rubric/rubric.ts';
import type { Survey } from '../../helpers/survey/facts.ts';
import { NOTHING } from '../../helpers/survey/nothing.ts';
import { labCalled, labNames } from './labs.ts';
import { ENGINE } from './records.ts';

export type Catalogue = Map<string, LabDefinition>;

const STUDENTS = ['alice', 'bob', '007'];
const SEEN: Survey = { ...NOTHING, timings: { boot: 1 } };

export async function wholeCatalogue(): Promise<Catalogue> {
  return new Map(await Promise.all(labNames().map(async (name) => [name, await labCalled(name)] as const)));
}

/** Records as a run without a rubric writes them: of any labs, with any verdicts. */
export function anyGraded(catalogue: Catalogue): fc.Arbitrary<StudentRecord> {
  const labs = fc.subarray([...catalogue.values()], { minLength: 1, maxLength: 3 });
  return fc
    .record({ student: fc.constantFrom(...STUDENTS), labs: labs.chain((some) => fc.tuple(...some.map(anyLab))) })
    .map(({ student, labs: graded }) =>
      scoreRecord(
        studentRecord(student, graded, { startedAt: '2026-09-01T10:20:30.456Z', engine: ENGINE }),
        catalogueRubric(catalogue.values()),
      ),
    );
}

function anyLab(lab: LabDefinition) {
  const ids = Object.keys(lab.criteria);
  const status = fc.constantFrom('passed', 'passed', 'failed', 'skipped', 'withheld', 'error');
  const graded = fc
    .array(status, { minLength: ids.length, maxLength: ids.length })
    .map((statuses) => gradedLab(lab, statuses.map((each, i) => verdict(ids[i]!, each)), SEEN, 5)); // prettier-ignore
  return fc.oneof(
    { weight: 6, arbitrary: graded },
    fc.constantFrom(
      ungradedLab(lab, 'missing', 'it was not handed in'),
      ungradedLab(lab, 'invalid', 'nothing is there'),
    ),
    fc.constant(failedLab(lab, 'the engine died', 3)),
  );
}

function verdict(id: string, status: string): Verdict {
  const seen = {
    id,
    expected: 'it holds',
    actual: 'seen',
    evidence: [{ what: 'look', output: id }],
    basedOn: [],
    durationMs: 1,
  };
  if (status === 'withheld') return { ...seen, status: 'skipped', withheld: true };
  if (status === 'skipped') return { ...seen, status, blockedBy: 'containers-running' };
  return { ...seen, status: status as 'passed' | 'failed' | 'error' };
}

/** Rubrics as somebody could write them, read by the reader that reads all of them. */
export function anyRubric(catalogue: Catalogue): fc.Arbitrary<Rubric> {
  const time = fc
    .integer({ min: 0, max: 20_000 })
    .map((minutes) => new Date(Date.UTC(2026, 8, 1) + minutes * 60_000).toISOString());
  const late = fc.record(
    { perDay: fc.integer({ min: 1, max: 1000 }).map((tenths) => tenths / 10), atMost: fc.constantFrom(30, 100) },
    { requiredKeys: ['perDay'] },
  );
  const lab = (definition: LabDefinition) =>
    fc.record(
      { hints: fc.constantFrom(...HINT_LEVELS), criteria: anyCriteria(Object.keys(definition.criteria)) },
      { requiredKeys: [] },
    );
  return fc
    .record(
      {
        due: time,
        late,
        extensions: fc.constant({ alice: '2027-01-01T00:00:00Z' }),
        hints: fc.constantFrom(...HINT_LEVELS),
        labs: fc.record(Object.fromEntries([...catalogue].map(([name, each]) => [name, lab(each)])), {
          requiredKeys: [],
        }),
        times: fc
          .subarray(STUDENTS)
          .chain((some) => fc.tuple(...some.map((each) => fc.tuple(fc.constant(each), time)))),
      },
      { requiredKeys: ['due', 'labs', 'times'] },
    )
    .map(({ times, ...content }) => {
      const { rubric } = parseRubric(stringify({ ...content, handedIn: 'list.csv' }), 'rubric.yaml', catalogue);
      const list = ['student,time', ...times.map((row) => row.join(','))].join('\n');
      const stamp = { file: 'rubric.yaml', sha256: '0123456789ab' };
      return { ...rubric, stamp, handedIn: parseHandedIn(list, 'list.csv', [...catalogue.keys()]) };
    });
}

/** All of a lab's criteria with hundredths of points that sum to 100. */
function anyCriteria(ids: string[]) {
  return fc
    .tuple(
      fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: ids.length - 1, maxLength: ids.length - 1 }),
      fc.array(
        fc.record(
          {
            visibility: fc.constantFrom(...VISIBILITIES),
            hints: fc.constantFrom(...HINT_LEVELS),
            hint: fc.constant('own words'),
          },
          { requiredKeys: [] },
        ),
        { minLength: ids.length, maxLength: ids.length },
      ),
    )
    .map(([cuts, others]) => {
      const edges = [0, ...cuts.sort((a, b) => a - b), 10_000];
      return Object.fromEntries(ids.map((id, i) => [id, { points: (edges[i + 1]! - edges[i]!) / 100, ...others[i] }]));
    });
}
