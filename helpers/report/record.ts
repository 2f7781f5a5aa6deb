/** The record of a graded student: the only source of every report format. Its JSON Schema is record.schema.json. */
import { maxScoreOf, type LabDefinition, type WantedTopology } from '../grading/lab-definition.ts';
import type { Evidence, Status, Verdict } from '../grading/verdict.ts';
import type { EngineFacts } from '../lab-host/lab-host.ts';
import type { Fingerprint } from '../similarity/fingerprint.ts';
import type { Survey } from '../survey/facts.ts';
import { reachOf, type ReachRecord } from './reach.ts';
import { hundredths, total } from './whole-points.ts';

export interface StudentRecord {
  schemaVersion: 1;
  student: string;
  score: number;
  maxScore: number;
  /** ISO 8601 */
  startedAt: string;
  durationMs: number;
  engine: EngineFacts;
  /** What the points are by; absent where they are the catalogue's own. */
  rubric?: RubricStamp;
  labs: LabRecord[];
}

/** Which rubric it was: `sha256sum` of a file begins with the digits that stand here. */
export interface RubricStamp {
  /** The file's name, without its folder. */
  file: string;
  sha256: string;
  /** The list of when work was handed in, if the rubric names one. */
  handedIn?: { file: string; sha256: string };
}

export interface LabRecord {
  lab: string;
  /** `error`: something could not be judged through no fault of the student; grade it again. */
  status: 'graded' | 'missing' | 'invalid' | 'error';
  score: number;
  maxScore: number;
  durationMs: number;
  message?: string;
  /** ISO 8601: when the course's rubric wants it handed in. */
  due?: string;
  /** Present when it came later than that: what the rubric takes off every criterion's score for it. */
  late?: { handedIn: string; percent: number };
  criteria: CriterionRecord[];
  topology: Topology;
  /** Milliseconds of each phase. */
  timings?: Record<string, number>;
  /** To find copies by. Not for students: student-view.ts leaves it out. */
  fingerprint?: Fingerprint;
}

export interface CriterionRecord {
  id: string;
  title: string;
  status: Status;
  score: number;
  maxScore: number;
  expected: string;
  actual: string;
  hint: string;
  evidence: Evidence[];
  durationMs: number;
  /** When a student may see it, if not at once: see student-view.ts. */
  visibility?: 'after_due_date' | 'hidden';
  /** For `skipped`: the criterion that stands in the way. */
  blockedBy?: string;
  /** For `skipped`: this kind of host does not allow the question, so it is worth nothing here. */
  withheld?: true;
}

export interface Topology {
  networks: {
    name: string;
    /** Which of the expected networks it is; Compose gives names a prefix. */
    plays?: string;
    driver: string;
    internal: boolean;
    subnets: string[];
  }[];
  containers: {
    /** 1 or 2, when there are two machines. */
    machine?: number;
    name: string;
    role?: string;
    image: string;
    state: string;
    /** The container whose sandbox it shares. */
    sandboxOf?: string;
    networks: { name: string; addresses: string[] }[];
    ports: string[];
  }[];
  /** What the task asks for, where it can be drawn. */
  expected?: Omit<WantedTopology, 'reach'>;
  /** Who was seen to reach whom. */
  reach?: ReachRecord[];
}

const NO_TOPOLOGY: Topology = { networks: [], containers: [] };

export function gradedLab(lab: LabDefinition, verdicts: Verdict[], survey: Survey, durationMs: number): LabRecord {
  const criteria = verdicts.map((verdict) => criterionRecord(lab, verdict));
  const points = total(criteria);
  const message = messageOf(criteria, maxScoreOf(lab) - points.maxScore);
  return {
    lab: lab.name,
    status: criteria.some(({ status }) => status === 'error') ? 'error' : 'graded',
    ...points,
    durationMs,
    ...(message === '' ? {} : { message }),
    criteria,
    topology: topologyOf(survey, lab.wanted),
    timings: survey.timings,
  };
}

/**
 * What is said of a lab beside its verdicts.
 *
 * @param withheld Points of what this kind of host does not allow to be judged.
 */
export function messageOf(criteria: CriterionRecord[], withheld: number): string {
  const idsOf = (of: CriterionRecord[]): string => of.map(({ id }) => id).join(', ');
  const unjudged = criteria.filter(({ status }) => status === 'error');
  const notAsked = criteria.filter((each) => each.withheld);
  return [
    ...(unjudged.length > 0 ? [`could not be judged: ${idsOf(unjudged)}; run again`] : []),
    ...(notAsked.length > 0
      ? [`not judged on this kind of host, and not counted (${hundredths(withheld)} points): ${idsOf(notAsked)}`]
      : []),
  ].join('; ');
}

/** A lab that was not handed in, or has nothing that can be deployed: no points, and not our fault. */
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

/** A lab that could not be graded through no fault of the student. */
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

/** False when something could not be graded through no fault of the student. */
export function isComplete({ labs }: StudentRecord): boolean {
  return labs.every(({ status }) => status !== 'error');
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

function topologyOf(survey: Survey, wanted: WantedTopology | undefined): Topology {
  const machines = [survey, survey.secondMachine].filter((each) => each !== undefined);
  const seen = machines.map((machine) => topologyOfMachine(machine, wanted));
  const networks = seen.flatMap((machine) => machine.networks);
  return {
    // An overlay network is one network, whichever machine tells of it.
    networks: networks.filter(({ name }, i) => networks.findIndex((other) => other.name === name) === i),
    containers: seen.flatMap(({ containers }, i) =>
      containers.map((container) => ({ ...(seen.length > 1 ? { machine: i + 1 } : {}), ...container })),
    ),
    ...(wanted === undefined
      ? {}
      : {
          expected: { networks: wanted.networks, containers: wanted.containers },
          reach: reachOf(survey, wanted),
        }),
  };
}

function topologyOfMachine({ networks, containers, roles }: Survey, wanted: WantedTopology | undefined): Topology {
  const roleOf = (container: string): string | undefined =>
    Object.keys(roles).find((role) => roles[role]?.found === 'one' && roles[role].container === container);
  return {
    networks: networks.map(({ name, names, driver, internal, subnets }) => {
      const plays = wanted?.networks.find((each) => names.includes(each.name))?.name;
      return { name, ...(plays === undefined ? {} : { plays }), driver, internal, subnets };
    }),
    containers: containers.map((container) => {
      const role = roleOf(container.name);
      return {
        name: container.name,
        ...(role === undefined ? {} : { role }),
        image: container.image,
        state: container.state.paused ? 'paused' : container.state.status,
        ...(container.sandboxOf === container.name ? {} : { sandboxOf: container.sandboxOf }),
        networks: container.attachments.map(({ network, addresses }) => ({ name: network, addresses })),
        ports: container.published.map(
          (each) => `${each.hostAddress}:${each.hostPort}->${each.containerPort}/${each.protocol}`,
        ),
      };
    }),
  };
}
