/**
 * Scores a record by a rubric. What was seen stays as it is. Points, hints, visibility and due dates are computed from
 * each criterion's status and the rubric alone. So a record can be scored any number of times, and scoring it by the
 * first rubric again gives the first record again.
 */
import type { CriterionRecord, LabRecord, StudentRecord } from '../record.ts';
import { labsIn, messageOf, studentRecord } from '../recording.ts';
import { hundredths, total } from '../whole-points.ts';
import {
  POINTS_OF_A_LAB,
  timeFor,
  type CriterionRubric,
  type LabRubric,
  type LatePolicy,
  type Rubric,
} from './rubric.ts';
import { DAY_MS } from './time.ts';

/**
 * Why a record cannot be scored by this rubric: the labs' criteria have changed since.
 *
 * @returns undefined if it can.
 */
export function misfitOf({ labs }: Pick<StudentRecord, 'labs'>, rubric: Rubric): string | undefined {
  for (const { lab, criteria } of labs) {
    const known = rubric.labs.get(lab)?.criteria;
    if (known === undefined) return `there is no lab called ${lab}; if it is the course’s own, say --labs DIR`;
    if (criteria.length === 0) continue;
    const ids = criteria.map(({ id }) => id);
    const strange = ids.find((id, i) => !known.has(id) || ids.indexOf(id) !== i);
    const lacking = [...known.keys()].find((id) => !ids.includes(id));
    if (strange !== undefined) return `${lab} has no criterion ${strange} any more: grade it again`;
    if (lacking !== undefined) return `${lab} has the criterion ${lacking} now, which was not judged: grade it again`;
  }
  return undefined;
}

/**
 * A warning when records were scored by a rubric and none is given now. Then points change, but not because of the rules.
 *
 * @returns undefined when there is nothing to warn of.
 */
export function remarkOnNone(records: StudentRecord[], { stamp }: Rubric): string | undefined {
  const earlier = new Set(records.flatMap(labsIn).flatMap(({ rubric }) => rubric?.file ?? []));
  if (stamp !== undefined || earlier.size === 0) return undefined;
  return `the records were scored by ${[...earlier].join(' and ')}; without --rubric, the labs’ own points are given`;
}

/** @param record One that fits the rubric; see `misfitOf`. */
export function scoreRecord(record: StudentRecord, rubric: Rubric): StudentRecord {
  const labs = labsIn(record).map((lab) => scoreLab(record.student, lab, rubric));
  return studentRecord(record.student, labs, record);
}

export function scoreLab(student: string, lab: LabRecord, rubric: Rubric): LabRecord {
  const rules = rubric.labs.get(lab.lab);
  if (rules === undefined) throw new Error(`the rubric knows no lab ${lab.lab}`);
  const { criteria: judged, topology, timings, ...rest } = lab;
  const { message } = rest;
  delete rest.message;
  delete rest.due;
  delete rest.late;
  delete rest.rubric;
  const due = timeFor(rubric.extensions, student, lab.lab) ?? rules.due;
  const late = lab.status === 'missing' ? undefined : lateness(student, lab.lab, { ...rules, due }, rubric);
  const criteria = judged.map((each) => scoreCriterion(each, rules.criteria, late?.percent ?? 0));
  const points = criteria.length === 0 ? { score: 0, maxScore: POINTS_OF_A_LAB } : total(criteria);
  const said = criteria.some(({ withheld }) => withheld)
    ? messageOf(criteria, POINTS_OF_A_LAB - points.maxScore, lab)
    : message;
  return {
    ...rest,
    ...points,
    ...(said === undefined ? {} : { message: said }),
    ...(due === undefined ? {} : { due: due.toISOString() }),
    ...(late === undefined ? {} : { late }),
    criteria,
    topology,
    ...(timings === undefined ? {} : { timings }),
    ...(rubric.stamp === undefined ? {} : { rubric: rubric.stamp }),
  };
}

function scoreCriterion(criterion: CriterionRecord, rules: LabRubric['criteria'], percentOff: number): CriterionRecord {
  const rule = rules.get(criterion.id);
  if (rule === undefined) throw new Error(`the rubric knows no criterion ${criterion.id}`);
  const rest = { ...criterion };
  delete rest.visibility;
  const { points, visibility } = rule;
  return {
    ...rest,
    score: criterion.status === 'passed' ? hundredths((points * (100 - percentOff)) / 100) : 0,
    maxScore: criterion.withheld ? 0 : points,
    hint: criterion.status === 'failed' ? hintOf(rule) : '',
    ...(visibility === 'visible' ? {} : { visibility }),
  };
}

function hintOf({ hints, hint, explanation }: CriterionRubric): string {
  if (hints === 'none') return '';
  return hints === 'nudge' ? hint : `${hint} ${explanation}`.trim();
}

/** How late a lab was handed in. A student who is not in the list of times counts as in time. */
function lateness(
  student: string,
  lab: string,
  { due, late }: { due: Date | undefined; late?: LatePolicy },
  { handedIn }: Rubric,
): LabRecord['late'] {
  const time = timeFor(handedIn, student, lab);
  if (due === undefined || late === undefined || time === undefined) return undefined;
  const percent = percentOff(time.getTime() - due.getTime(), late);
  return percent === 0 ? undefined : { handedIn: time.toISOString(), percent };
}

/** @param lateMs Milliseconds after the due date; negative before it. Days are counted from the due date. */
export function percentOff(lateMs: number, { perDay, atMost, graceMs }: LatePolicy): number {
  if (lateMs <= graceMs) return 0;
  return hundredths(Math.min(atMost, perDay * Math.ceil(lateMs / DAY_MS)));
}
