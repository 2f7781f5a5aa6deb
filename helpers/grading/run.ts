/** A grading run: every wanted lab of every student, some at a time, each record written as soon as it is whole. */
import { ReportFolder } from '../report/files.ts';
import { isComplete, type LabRecord, type StudentRecord } from '../report/record.ts';
import { studentRecord } from '../report/recording.ts';
import { digestOf } from '../digest.ts';
import { misfitOf, scoreLab, scoreRecord } from '../rubric/apply.ts';
import type { Rubric } from '../rubric/rubric.ts';
import type { Student } from '../submission/find.ts';
import { NO_ENGINE } from '../survey/nothing.ts';
import type { Graded } from './grade-lab.ts';
import type { GradableLab } from './catalogue.ts';

export interface RunPlan {
  students: Student[];
  labs: GradableLab[];
  /** By what the records are scored. */
  rubric: Rubric;
  out: string;
  /** What it is graded on, in words: a record is kept for a later run on the same. */
  on: string;
}

export interface Progress {
  started(student: string, lab: string): void;
  finished(student: string, lab: LabRecord): void;
  /** Kept from an earlier run that could not be completed. */
  kept(student: string): void;
}

export interface Task {
  student: Student;
  lab: GradableLab;
}

/** Where labs are graded: on this machine, or wherever workers are. */
export interface LabGrader {
  /** Nothing is deployed: what runs on the host is graded. */
  readonly live: boolean;
  /** How many labs it takes at a time. */
  readonly jobs: number;
  /** How many milliseconds the removal of each lab host took; absent where they are other machines'. */
  readonly removals?: readonly number[];
  /**
   * Whatever goes wrong and is not the student's fault comes back as a record with the status `error`.
   *
   * @param started Told when grading begins.
   */
  grade(task: Task, started: () => void): Promise<Graded>;
}

/** @returns one record per student, in the plan's order. */
export async function gradeAll(plan: RunPlan, grader: LabGrader, progress: Progress): Promise<StudentRecord[]> {
  const reports = new ReportFolder(plan.out);
  const digests = await digestsOf(plan);
  // What runs on a live host is another thing each time.
  const kept = grader.live ? new Map<string, StudentRecord>() : await keptRecords(plan, reports, digests);
  for (const student of kept.keys()) progress.kept(student);
  const records = new Map(kept);
  const results = new Map(plan.students.map(({ name }) => [name, new Map<string, Graded>()]));
  const startedAt = new Date();
  const inOrder = (): StudentRecord[] =>
    plan.students.map(({ name }) => records.get(name)).filter((each) => each !== undefined);
  const writeClass = (complete: boolean): Promise<void> =>
    reports.writeClass(
      inOrder(),
      plan.labs.map(({ name }) => name),
      complete,
      digests,
    );

  const tasks: Task[] = plan.students
    .filter(({ name }) => !kept.has(name))
    .flatMap((student) => plan.labs.map((lab) => ({ student, lab })));
  let writing = Promise.resolve();
  const work = async (): Promise<void> => {
    for (let task = tasks.shift(); task !== undefined; task = tasks.shift()) {
      const { student, lab } = task;
      const graded = await grader.grade(task, () => {
        progress.started(student.name, lab.name);
      });
      if (graded.record.status === 'missing' && student.unknown.length > 0) {
        graded.record.message = `${graded.record.message}; the submission has ${student.unknown.join(', ')}, which is no lab`;
      }
      const own = results.get(student.name)!;
      own.set(lab.name, graded);
      progress.finished(student.name, scoreLab(student.name, graded.record, plan.rubric));
      if (own.size < plan.labs.length) continue;
      const all = plan.labs.map(({ name }) => own.get(name)!);
      const engine = all.find((each) => each.engine !== undefined)?.engine ?? NO_ENGINE;
      const judged = all.map((each) => each.record);
      const record = scoreRecord(studentRecord(student.name, startedAt, engine, judged), plan.rubric);
      records.set(student.name, record);
      // One writer at a time: the class files are rewritten with every student.
      writing = writing.then(() => reports.writeRecord(record)).then(() => writeClass(false));
      await writing;
    }
  };
  await Promise.all(Array.from({ length: grader.jobs }, work));
  await writeClass(inOrder().every(isComplete));
  return inOrder();
}

async function digestsOf({ students, labs, on }: RunPlan): Promise<Record<string, string>> {
  const question = `${labs.map(({ name }) => name).join('+')} on ${on}`;
  const entries = students.map(async (student) => {
    const folders = labs.map(({ name }) => student.labs.get(name)).filter((each) => each !== undefined);
    return [student.name, `${question}: ${await digestOf(folders)}`] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/**
 * After a run that was not completed: whoever was graded then, on the same kind of host, and has handed in nothing else
 * since, is not graded again, but scored by the rubric that there is now.
 */
async function keptRecords(
  plan: RunPlan,
  reports: ReportFolder,
  digests: Record<string, string>,
): Promise<Map<string, StudentRecord>> {
  const last = await reports.lastSummary();
  const kept = new Map<string, StudentRecord>();
  if (last === undefined || last.complete) return kept;
  for (const { name } of plan.students) {
    if (last.digests[name] !== digests[name] || !last.students.some(({ student }) => student === name)) continue;
    const record = await reports.lastRecord(name);
    if (record === undefined || !isComplete(record) || misfitOf(record, plan.rubric) !== undefined) continue;
    const scored = scoreRecord(record, plan.rubric);
    await reports.writeRecord(scored);
    kept.set(name, scored);
  }
  return kept;
}
