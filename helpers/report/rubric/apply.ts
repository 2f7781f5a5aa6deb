/**
 * Scores a record by a rubric. What was seen stays as it is. Points, hints, visibility and due dates are computed from
 * each criterion's status and the rubric alone. So a record can be scored any number of times, and scoring it by the
 * first rubric again gives the first record again.
 */
import type { CriterionRecord, LabRecord, OverrideRecord, StudentRecord } from '../record.ts';
import { labsIn, messageOf, studentRecord } from '../recording.ts';
import { hundredths, total } from '../whole-points.ts';
import { dueFor, lateness } from './late.ts';
import { overridesIn } from './overrides.ts';
import { groupOf, POINTS_OF_A_LAB, type CriterionRubric, type LabRubric, type Rubric } from './rubric.ts';

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

/**
 * @param record One that fits the rubric; see `misfitOf`.
 * @param last The record that this one replaces: it knows what was given by hand, and for which verdicts.
 */
export function scoreRecord(record: StudentRecord, rubric: Rubric, last = record): StudentRecord {
  const labs = labsIn(record).map((lab) =>
    scoreLab(
      record.student,
      lab,
      rubric,
      last.labs.find((each) => each.lab === lab.lab),
    ),
  );
  return studentRecord(record.student, labs, record);
}

/**
 * Scores one lab of a student.
 *
 * @param last The result that this one replaces: it knows for which verdicts overrides were made.
 */
export function scoreLab(student: string, lab: LabRecord, rubric: Rubric, last = lab): LabRecord {
  const rules = rubric.labs.get(lab.lab);
  if (rules === undefined) throw new Error(`the rubric knows no lab ${lab.lab}`);
  const { criteria: judged, topology, timings, ...rest } = lab;
  const { message } = rest;
  delete rest.message;
  delete rest.due;
  delete rest.late;
  delete rest.rubric;
  delete rest.group;
  delete rest.overrides;
  const due = dueFor(rubric, student, lab.lab);
  const late = lab.status === 'missing' ? undefined : lateness(student, lab.lab, rubric);
  const given = overridesOn(lab, overridesIn(rubric, student, lab, last));
  const criteria = judged.map((each) =>
    scoreCriterion(each, rules.criteria, { percentOff: late?.percent ?? 0, override: given.get(each.id) }),
  );
  const points = criteria.length === 0 ? { score: byHand(given), maxScore: POINTS_OF_A_LAB } : total(criteria);
  const said = criteria.some(({ withheld }) => withheld)
    ? messageOf(criteria, POINTS_OF_A_LAB - points.maxScore, lab)
    : message;
  const group = groupOf(rubric, student);
  return {
    ...rest,
    ...points,
    ...(said === undefined ? {} : { message: said }),
    ...(due === undefined ? {} : { due: due.toISOString() }),
    ...(late === undefined ? {} : { late }),
    ...(group === undefined ? {} : { group }),
    ...(criteria.length > 0 || given.size === 0 ? {} : { overrides: listed(given, rules.criteria) }),
    criteria,
    topology,
    ...(timings === undefined ? {} : { timings }),
    ...(rubric.stamp === undefined ? {} : { rubric: rubric.stamp }),
  };
}

/** Those overrides that are about a criterion which the lab has; of a lab without criteria, all. */
function overridesOn(lab: LabRecord, given: Map<string, OverrideRecord>): Map<string, OverrideRecord> {
  const ids = new Set(lab.criteria.map(({ id }) => id));
  return new Map([...given].filter(([id]) => ids.size === 0 || ids.has(id)));
}

function byHand(given: Map<string, OverrideRecord>): number {
  return Math.min(POINTS_OF_A_LAB, hundredths([...given.values()].reduce((sum, { points }) => sum + points, 0)));
}

function listed(given: Map<string, OverrideRecord>, rules: LabRubric['criteria']): NonNullable<LabRecord['overrides']> {
  return [...given].map(([criterion, override]) => {
    const visibility = rules.get(criterion)?.visibility ?? 'visible';
    return { criterion, ...(visibility === 'visible' ? {} : { visibility }), ...override };
  });
}

function scoreCriterion(
  criterion: CriterionRecord,
  rules: LabRubric['criteria'],
  { percentOff, override }: { percentOff: number; override: OverrideRecord | undefined },
): CriterionRecord {
  const rule = rules.get(criterion.id);
  if (rule === undefined) throw new Error(`the rubric knows no criterion ${criterion.id}`);
  const rest = { ...criterion };
  delete rest.visibility;
  delete rest.shows;
  delete rest.override;
  const { points, visibility, shows } = rule;
  const maxScore = criterion.withheld ? 0 : points;
  const earned = criterion.status === 'passed' ? hundredths((points * (100 - percentOff)) / 100) : 0;
  return {
    ...rest,
    // Nothing is taken off what somebody gives by hand.
    score: override === undefined ? earned : Math.min(override.points, maxScore),
    maxScore,
    hint: criterion.status === 'failed' ? hintOf(rule) : '',
    ...(visibility === 'visible' ? {} : { visibility }),
    ...(shows === 'full' ? {} : { shows }),
    ...(override === undefined ? {} : { override }),
  };
}

function hintOf({ hints, hint, explanation }: CriterionRubric): string {
  if (hints === 'none') return '';
  return hints === 'nudge' ? hint : `${hint} ${explanation}`.trim();
}
