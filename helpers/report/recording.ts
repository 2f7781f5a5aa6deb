/** Makes records of what was surveyed and judged. */
import { maxScoreOf, type LabDefinition } from '../lab/lab-definition.ts';
import type { Verdict } from '../lab/verdict.ts';
import type { EngineFacts } from '../machine/lab-host/lab-host.ts';
import type { Survey } from '../survey/facts.ts';
import { policyRecord } from './denied.ts';
import { limitsMet } from './limits-met.ts';
import type { CriterionRecord, LabRecord, StudentRecord, SeenTopology } from './record.ts';
import { topologyOf } from './seen-topology.ts';
import { hundredths, total } from './whole-points.ts';

const NO_TOPOLOGY: SeenTopology = { networks: [], containers: [] };

export function gradedLab(lab: LabDefinition, verdicts: Verdict[], survey: Survey, durationMs: number): LabRecord {
  const criteria = verdicts.map((verdict) => criterionRecord(lab, verdict));
  const points = total(criteria);
  const policy = policyRecord(survey);
  const usedUp = [...(survey.usedUp ?? []), ...(survey.secondMachine?.usedUp ?? [])];
  const met = {
    ...(usedUp.length > 0 && { usedUp }),
    ...(policy !== undefined && { policy }),
  };
  const message = messageOf(criteria, maxScoreOf(lab) - points.maxScore, met);
  return {
    lab: lab.name,
    status: criteria.some(({ status }) => status === 'error') ? 'error' : 'graded',
    ...points,
    durationMs,
    ...(message === '' ? {} : { message }),
    criteria,
    topology: topologyOf(survey, lab.wanted),
    ...met,
    timings: survey.timings,
  };
}

/**
 * The message about a lab as a whole, beside its verdicts.
 *
 * @param withheld Points of the criteria that this kind of host does not allow to be judged.
 * @param met Which limits and denials of its lab host the submission met.
 */
export function messageOf(
  criteria: CriterionRecord[],
  withheld: number,
  met: Pick<LabRecord, 'usedUp' | 'policy'>,
): string {
  const idsOf = (of: CriterionRecord[]): string => of.map(({ id }) => id).join(', ');
  const unjudged = criteria.filter(({ status }) => status === 'error');
  const notAsked = criteria.filter((each) => each.withheld);
  return [
    ...(unjudged.length > 0 ? [`could not be judged: ${idsOf(unjudged)}; run again`] : []),
    ...(notAsked.length > 0
      ? [`not judged on this kind of host, and not counted (${hundredths(withheld)} points): ${idsOf(notAsked)}`]
      : []),
    ...limitsMet(met),
  ].join('; ');
}

/**
 * A lab that was not handed in, or in which nothing can be deployed: it scores 0, and is not an error of the grader.
 */
export function ungradedLab(lab: LabDefinition, status: 'missing' | 'invalid', message: string): LabRecord {
  return {
    lab: lab.name,
    status,
    score: 0,
    maxScore: maxScoreOf(lab),
    durationMs: 0,
    message,
    criteria: [],
    topology: NO_TOPOLOGY,
  };
}

/** A lab that could not be graded, which is not the student's fault. @param reason Why, as the student reads it. */
export function failedLab(lab: LabDefinition, reason: string, durationMs: number): LabRecord {
  const criteria = Object.keys(lab.criteria).map((id) =>
    criterionRecord(lab, {
      id,
      status: 'error',
      expected: '',
      actual: reason,
      evidence: [],
      basedOn: [],
      durationMs: 0,
    }),
  );
  return {
    lab: lab.name,
    status: 'error',
    score: 0,
    maxScore: maxScoreOf(lab),
    durationMs,
    message: reason,
    criteria,
    topology: NO_TOPOLOGY,
  };
}

export function studentRecord(student: string, startedAt: Date, engine: EngineFacts, labs: LabRecord[]): StudentRecord {
  return {
    schemaVersion: 1,
    student,
    ...total(labs),
    startedAt: startedAt.toISOString(),
    durationMs: labs.reduce((sum, { durationMs }) => sum + durationMs, 0),
    engine,
    labs,
  };
}

/** A verdict with what the lab's definition says of its criterion. */
export function criterionRecord(lab: LabDefinition, verdict: Verdict): CriterionRecord {
  const { id, status, expected, actual, evidence, durationMs, blockedBy, withheld } = verdict;
  const definition = lab.criteria[id];
  if (definition === undefined)
    throw new Error(`the spec of ${lab.name} judges "${id}", which its definition does not have`);
  const { title, points, hint } = definition;
  return {
    ...{ id, status, expected, actual, evidence, durationMs },
    ...(blockedBy === undefined ? {} : { blockedBy }),
    ...(withheld === undefined ? {} : { withheld }),
    title,
    score: status === 'passed' ? points : 0,
    maxScore: withheld ? 0 : points,
    hint: status === 'failed' ? hint : '',
  };
}
