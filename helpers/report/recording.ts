/** Makes records of what was surveyed and judged. */
import { isDeepStrictEqual } from 'node:util';
import { causeOf, type Cause } from '../judge/cause/cause.ts';
import { maxScoreOf, type LabDefinition } from '../lab/lab-definition.ts';
import type { Verdict } from '../lab/verdict.ts';
import type { EngineFacts } from '../machine/lab-host/lab-host.ts';
import type { Survey } from '../survey/facts.ts';
import { policyRecord } from './denied.ts';
import { deploymentRecord } from './deployment.ts';
import { limitsMet } from './limits-met.ts';
import { labsOf, type CriterionRecord, type LabRecord, type StudentRecord, type SeenTopology } from './record.ts';
import { expectedOf, topologyOf } from './seen-topology.ts';
import { hundredths, total, totalOf } from './whole-points.ts';

const MOST_RULES = 20;
const NO_TOPOLOGY: SeenTopology = { networks: [], containers: [] };

export function gradedLab(lab: LabDefinition, verdicts: Verdict[], survey: Survey, durationMs: number): LabRecord {
  const cause = causeOf(survey);
  const criteria = verdicts.map((verdict) => criterionRecord(lab, saidOnce(verdict, cause)));
  const points = total(criteria);
  const policy = policyRecord(survey);
  const usedUp = [...(survey.usedUp ?? []), ...(survey.secondMachine?.usedUp ?? [])];
  const met = {
    ...(usedUp.length > 0 && { usedUp }),
    ...(policy !== undefined && { policy }),
    ...firewallRecord(survey),
  };
  const message = messageOf(criteria, maxScoreOf(lab) - points.maxScore, met);
  return {
    lab: lab.name,
    title: lab.title,
    status: criteria.some(({ status }) => status === 'error') ? 'error' : 'graded',
    ...points,
    durationMs,
    ...(message === '' ? {} : { message }),
    ...deploymentRecord(survey),
    ...(cause && { cause }),
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
 * @param met Which limits and denials of its lab host the submission met, and what it added to its firewall.
 */
export function messageOf(
  criteria: CriterionRecord[],
  withheld: number,
  met: Pick<LabRecord, 'usedUp' | 'policy' | 'firewall'>,
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

/** @returns nothing where all rules are the engine's. */
function firewallRecord({ firewall, secondMachine }: Survey): Pick<LabRecord, 'firewall'> {
  const machines = [firewall, secondMachine?.firewall].filter((each) => each !== undefined);
  const addedInAll = machines.reduce((sum, each) => sum + each.addedInAll, 0);
  if (addedInAll === 0) return {};
  return { firewall: { added: machines.flatMap(({ added }) => added).slice(0, MOST_RULES), addedInAll } };
}

/**
 * A lab that was not handed in, or in which nothing can be deployed: it scores 0, and is not an error of the grader.
 */
export function ungradedLab(lab: LabDefinition, status: 'missing' | 'invalid', message: string): LabRecord {
  return {
    lab: lab.name,
    title: lab.title,
    status,
    score: 0,
    maxScore: maxScoreOf(lab),
    durationMs: 0,
    message,
    criteria: [],
    // Whose submission cannot be deployed sees what it should become.
    topology:
      status === 'invalid' && lab.wanted !== undefined
        ? { ...NO_TOPOLOGY, expected: expectedOf(lab.wanted) }
        : NO_TOPOLOGY,
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
    title: lab.title,
    status: 'error',
    score: 0,
    maxScore: maxScoreOf(lab),
    durationMs,
    message: reason,
    criteria,
    topology: NO_TOPOLOGY,
  };
}

/**
 * A student's record of these labs. What it says of the student as a whole follows from the labs.
 *
 * @param labs In their order. `labsIn` gives those of another record.
 * @param of What holds if the labs do not say it themselves.
 */
export function studentRecord(
  student: string,
  labs: LabRecord[],
  of: { startedAt: string; engine: EngineFacts },
): StudentRecord {
  const dated = labs
    .filter(({ run }) => run !== undefined)
    .sort((a, b) => (a.run!.startedAt < b.run!.startedAt ? -1 : 1));
  const engine = dated.findLast((lab) => lab.engine !== undefined)?.engine ?? of.engine;
  const [{ rubric } = {}] = labs;
  const oneRubric = labs.every((lab) => isDeepStrictEqual(lab.rubric, rubric));
  return {
    schemaVersion: 1,
    student,
    ...totalOf(labs),
    startedAt: dated.at(-1)?.run?.startedAt ?? of.startedAt,
    durationMs: labs.reduce((sum, { durationMs }) => sum + durationMs, 0),
    engine,
    ...(oneRubric && rubric !== undefined && { rubric }),
    labs: labs.map(({ engine: own, rubric: ownRubric, ...lab }) => ({
      ...lab,
      ...(own !== undefined && !isDeepStrictEqual(own, engine) && { engine: own }),
      ...(!oneRubric && ownRubric !== undefined && { rubric: ownRubric }),
    })),
  };
}

/**
 * The labs that change nobody's total: those that nobody has handed in, and those that the course does not count. One
 * student alone is no class: then all labs count, because they were asked for.
 *
 * @param counting The labs that the course says count, if it does.
 */
export function notCounting(records: StudentRecord[], counting?: string[]): string[] {
  const labs = labsOf(records);
  if (counting !== undefined) return labs.filter((lab) => !counting.includes(lab));
  const handedIn = new Set(
    records.flatMap((record) => record.labs.flatMap(({ lab, status }) => (status === 'missing' ? [] : [lab]))),
  );
  return records.length < 2 || handedIn.size === 0 ? [] : labs.filter((lab) => !handedIn.has(lab));
}

/** A lab that says whether it counts. @param none The labs that do not. */
export function withCounting(lab: LabRecord, none: string[]): LabRecord {
  const whole = { ...lab };
  delete whole.counts;
  return none.includes(lab.lab) ? { ...whole, counts: false } : whole;
}

/** A record of which each lab says whether it counts, with the total of those that do. */
export function countedRecord(record: StudentRecord, none: string[]): StudentRecord {
  const isRight = record.labs.every(({ lab, counts }) => (counts === false) === none.includes(lab));
  if (isRight) return record;
  return studentRecord(
    record.student,
    labsIn(record).map((lab) => withCounting(lab, none)),
    record,
  );
}

/** The labs of a record; each says its engine and its rubric. */
export function labsIn({ labs, engine, rubric }: StudentRecord): LabRecord[] {
  return labs.map((lab) => ({ engine, ...(rubric !== undefined && { rubric }), ...lab }));
}

/** A record of these of a student's labs. */
export function ofLabs(record: StudentRecord, labs: string[]): StudentRecord {
  const wanted = labsIn(record).filter(({ lab }) => labs.includes(lab));
  return studentRecord(record.student, wanted, record);
}

/** A verdict without the evidence that the lab's cause shows already. */
function saidOnce(verdict: Verdict, cause: Cause | undefined): Verdict {
  if (cause?.output === undefined) return verdict;
  const shown = cause.output.trim();
  return {
    ...verdict,
    evidence: verdict.evidence.filter(({ what, output }) => what !== cause.what && !output.includes(shown)),
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
