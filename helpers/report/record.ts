/** The record of a graded student: the only source of every report format. Its JSON Schema is record.schema.json. */
import type { Cause } from '../judge/cause/cause.ts';
import type { WantedTopology } from '../lab/lab-definition.ts';
import type { Evidence, Status } from '../lab/verdict.ts';
import type { EngineFacts } from '../machine/lab-host/lab-host.ts';
import type { Fingerprint } from './similarity/fingerprint.ts';
import { withoutExamples } from '../submission/find.ts';
import type { Submitter } from '../submission/platforms/download.ts';
import type { Timings } from '../survey/stopwatch.ts';
import type { UsedUp } from '../survey/facts.ts';
import type { ReachRecord } from './reach.ts';

export interface StudentRecord {
  schemaVersion: 1;
  student: string;
  score: number;
  maxScore: number;
  /** ISO 8601: when the latest run began that graded one of the labs. */
  startedAt: string;
  durationMs: number;
  /** The engine of that run. */
  engine: EngineFacts;
  /** What the points of all labs are by; absent where they are the catalogue's own, or each lab's are by something else. */
  rubric?: RubricStamp;
  labs: LabRecord[];
}

/** The run that graded a lab, and what it graded. A later run that would grade the same keeps the record. */
export interface GradingStamp {
  /** ISO 8601: when the run began. */
  startedAt: string;
  /** The kind of machine, in words; see `gradedOn` (run/options.ts). */
  on: string;
  /** A digest of what decides the verdicts: the programs, the spec, the topology. */
  rules: string;
  /** A digest of what was handed in; absent when nothing was. */
  submission?: string;
}

/** Which rubric was used. `sha256` is the beginning of what `sha256sum` prints for the file. */
export interface RubricStamp {
  /** The file's name, without its folder. */
  file: string;
  sha256: string;
  /** The list of when work was handed in, if the rubric names one. */
  handedIn?: { file: string; sha256: string };
  /** The course file, if it says something beside a rubric. */
  course?: { file: string; sha256: string };
}

export interface LabRecord {
  lab: string;
  /** What people read beside the lab's name, as its definition says it. Absent in records of netgrade's first edition. */
  title?: string;
  /** `error`: something could not be judged, which is not the student's fault; it has to be graded again. */
  status: 'graded' | 'missing' | 'invalid' | 'error';
  score: number;
  maxScore: number;
  durationMs: number;
  message?: string;
  /** How it was brought up. Absent where nothing was: it was not handed in, could not be deployed, or is answers only. */
  deployment?: DeploymentRecord;
  /** What of the submission was not read literally, each a sentence: line endings of Windows, an archive, roles turned round. */
  notes?: string[];
  /** Why it was not brought up as it should be: the first thing that a reader has to know of the lab. */
  cause?: Cause;
  /** ISO 8601: when the course's rubric wants it handed in. */
  due?: string;
  /** Present when it came later than that: what the rubric takes off every criterion's score for it. */
  late?: {
    handedIn: string;
    percent: number;
    /** Days of the student's own budget that it took; nothing is taken off for these. */
    freeDays?: number;
  };
  /** The group whose work it is: one run, and everybody is credited. */
  group?: string;
  /** Absent, or: it changes no total, because nobody has handed it in, or the course does not count it. */
  counts?: false;
  /** Everything that was handed in and graded, the oldest first; absent when that was one attempt. */
  attempts?: AttemptRecord[];
  /** Points given by hand, where the lab has no criteria because it was not handed in or could not be deployed. */
  overrides?: (OverrideRecord & { criterion: string; visibility?: CriterionRecord['visibility'] })[];
  criteria: CriterionRecord[];
  topology: SeenTopology;
  policy?: PolicyRecord;
  /** Which of its limits the submission has reached. */
  usedUp?: UsedUp[];
  /** The lab host's firewall rules that its engine did not make: the first of them, as commands. */
  firewall?: { added: string[]; addedInAll: number };
  timings?: Timings;
  /** How the learning platform knows who handed it in, if it was its download that was graded. */
  submitter?: Submitter;
  /** Not for students: student-view.ts leaves it out. Absent in records of netgrade's first edition. */
  run?: GradingStamp;
  /** The engine, if it is another one than the record's: the labs were graded by different runs. */
  engine?: EngineFacts;
  /** What the lab's points are by, if the labs' points are by different rubrics. */
  rubric?: RubricStamp;
  /** Used to find copies. Not for students: student-view.ts leaves it out. */
  fingerprint?: Fingerprint;
}

/** How a submission was brought up; see docs/submissions.md. */
export interface DeploymentRecord {
  how: 'compose' | 'script' | 'live';
  /** Relative to the lab's folder, `.` for that one. */
  directory: string;
  /** As a student would type it, in `directory`; empty for `live`. */
  command: string;
  /** The rest of a sentence that begins with "because". */
  why: string;
}

/** What a submission asked of a lab host's engine; see docs/security.md. */
export interface PolicyRecord {
  /** The first requests that were not carried out. */
  denied: { request: string; what: string; sentence: string; machine?: number }[];
  deniedInAll: number;
  /** Number of requests that change nothing. */
  looks: number;
  /** The most recent requests that change something. Not for students. */
  calls: string[];
}

/** One attempt: what was handed in differed from the attempt before. The lab's record is of the one that counts. */
export interface AttemptRecord {
  run: GradingStamp;
  status: LabRecord['status'];
  /** As it was scored when it was graded. A student's view has them only where nothing is hidden. */
  score?: number;
  maxScore?: number;
  counts?: true;
}

/** Points that somebody gave by hand, in place of those that follow from the verdict. */
export interface OverrideRecord {
  points: number;
  reason: string;
  who: string;
  /** A day, or a time. */
  when: string;
  /** The verdict for which it was made; if the criterion's is another one now, somebody has to look again. */
  verdict: Status | LabRecord['status'];
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
  /** How much of it its student may see before the due date, if it did not pass: see student-view.ts. */
  shows?: 'verdict' | 'seen';
  override?: OverrideRecord;
  /** For `skipped`: the criterion that blocks it. */
  blockedBy?: string;
  /** For `skipped`: this kind of host does not allow it to be judged, so it is worth no points here. */
  withheld?: true;
}

export interface SeenTopology {
  networks: {
    name: string;
    /** Which of the expected networks it is; Compose gives names a prefix. */
    plays?: string;
    /** Which of them it evidently is, though it has another name, and no network has that one. */
    looksLike?: string;
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

/**
 * False when something could not be graded, which is not the student's fault.
 *
 * @param wanted Labs that have to be among the student's.
 */
export function isComplete({ labs }: StudentRecord, wanted: string[] = []): boolean {
  return labs.every(isFinished) && wanted.every((name) => labs.some(({ lab }) => lab === name));
}

/** The labs that change a total: a gradebook that is made from them has no columns in which nothing can be. */
export function countingLabs(records: StudentRecord[]): string[] {
  return labsOf(records.map(({ labs }) => ({ labs: labs.filter(({ counts }) => counts !== false) })));
}

/** Whether a lab has a result: also that nothing was handed in, or nothing that can be deployed. */
export function isFinished({ status }: LabRecord): boolean {
  return status !== 'error';
}

/** The records that the class's files are made of: the examples that come with netgrade do not count beside students' work. */
export function classOf(records: StudentRecord[]): StudentRecord[] {
  return withoutExamples(records, ({ student }) => student);
}

/** The labs that somebody has handed in; all of them, if nobody has handed in anything. @param order As of `labsOf`. */
export function handedIn(records: Pick<StudentRecord, 'labs'>[], order: Iterable<string> = []): string[] {
  const all = labsOf(records, order);
  const there = new Set(
    records.flatMap(({ labs }) => labs.filter(({ status }) => status !== 'missing').map(({ lab }) => lab)),
  );
  return there.size === 0 ? all : all.filter((lab) => there.has(lab));
}

/** The labs' titles by their names, as the first record says that has one. */
export function titlesOf(records: Pick<StudentRecord, 'labs'>[]): Map<string, string> {
  const titles = new Map<string, string>();
  for (const { lab, title } of records.flatMap(({ labs }) => labs))
    if (title !== undefined && !titles.has(lab)) titles.set(lab, title);
  return titles;
}

/** The labs that occur in the records. @param order The labs that come first, in their order. */
export function labsOf(records: Pick<StudentRecord, 'labs'>[], order: Iterable<string> = []): string[] {
  const there = new Set(records.flatMap(({ labs }) => labs.map(({ lab }) => lab)));
  return [...new Set([...order].filter((lab) => there.has(lab))).union(there)];
}

/** Whether a student has less than so many percent of the points that count. */
export function isBelow({ score, maxScore }: StudentRecord, minScore = 0): boolean {
  return score * 100 < minScore * maxScore;
}
