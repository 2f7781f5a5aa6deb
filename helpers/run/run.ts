/** A grading run: grades every wanted lab of every student. A student's record is written as soon as all labs of it are graded. */
import { Coalesced } from '../report/coalesced.ts';
import { ReportFolder } from '../report/files.ts';
import { isComplete, type LabRecord, type StudentRecord } from '../report/record.ts';
import { studentRecord } from '../report/recording.ts';
import { misfitOf, scoreLab, scoreRecord } from '../report/rubric/apply.ts';
import type { Rubric } from '../report/rubric/rubric.ts';
import type { Student } from '../submission/find.ts';
import type { Submission } from '../submission/submission.ts';
import { NO_ENGINE } from '../survey/nothing.ts';
import { packSurvey } from '../survey/survey-file.ts';
import type { GradableLab } from '../lab/catalogue.ts';
import type { Graded } from './lab-task.ts';
import { readSubmissions, type HandedIn } from './read-submissions.ts';

export interface RunPlan {
  students: Student[];
  labs: GradableLab[];
  /** The rubric by which the records are scored. */
  rubric: Rubric;
  out: string;
  /** The kind of machines that the run grades on, in words. Only a run on the same kind keeps this run's records. */
  on: string;
}

export interface Progress {
  started(student: string, lab: string): void;
  finished(student: string, lab: LabRecord): void;
  /** Called when a student's record of an earlier, incomplete run is kept. */
  kept(student: string): void;
}

export interface Task {
  student: Student;
  lab: GradableLab;
  /** Absent when it was not handed in. */
  submission: Submission | undefined;
}

/** Where labs are graded: on this machine, or wherever workers are. */
export interface LabGrader {
  /** Nothing is deployed: what runs on the host is graded. */
  readonly live: boolean;
  /** How many labs it takes at a time. */
  readonly jobs: number;
  /** How many milliseconds the removal of each lab host took; absent when workers grade. */
  readonly removals?: readonly number[];
  /** What to tell the user about kept lab hosts; absent when workers grade. */
  readonly kept?: readonly string[];
  /**
   * Grades one lab. If something goes wrong that is not the student's fault, the record has the status `error`.
   *
   * @param started Called when grading begins.
   */
  grade(task: Task, started: () => void): Promise<Graded>;
  /** Called when a student's record is on disk. What was kept in case the run is killed is then no longer needed. */
  recorded?(student: string): void;
}

/** @returns one record per student, in the plan's order. */
export async function gradeAll(plan: RunPlan, grader: LabGrader, progress: Progress): Promise<StudentRecord[]> {
  const reports = new ReportFolder(plan.out);
  await reports.removeUnfinished();
  const startedAt = new Date();
  const handedIn = await readSubmissions(plan.students, plan.labs);
  // On a live host no record is kept: what runs there may have changed, although what was handed in is the same.
  const digests = grader.live ? {} : digestsOf(plan, handedIn);
  const kept = await keptRecords(plan, reports, digests);
  for (const student of kept.keys()) progress.kept(student);
  const records = new Map(kept);
  const results = new Map(plan.students.map(({ name }) => [name, new Map<string, Graded>()]));
  const labs = plan.labs.map(({ name }) => name);
  const inOrder = (): StudentRecord[] =>
    plan.students.map(({ name }) => records.get(name)).filter((each) => each !== undefined);
  const run = { startedAt: startedAt.toISOString(), digests };
  let complete = false;
  // From now on, a later run that continues this one finds every record that this run writes.
  await reports.writeSummary(inOrder(), { ...run, complete });
  const classFiles = new Coalesced(() => reports.writeClass(inOrder(), labs, { ...run, complete }));

  const tasks = plan.students
    .values()
    .filter(({ name }) => !kept.has(name))
    .flatMap((student) =>
      plan.labs.map((lab): Task => {
        const submission = handedIn.get(student.name)?.submissions.get(lab.name);
        return { student, lab, submission };
      }),
    );
  const gradeOne = (task: Task): Promise<Graded> => {
    const { student, lab } = task;
    const refused = handedIn.get(student.name)?.refused.get(lab.name);
    // On a live host nothing is copied, so a folder that is too large does not matter there.
    if (refused !== undefined && !(grader.live && task.submission !== undefined)) return Promise.resolve(refused);
    return grader.grade(task, () => {
      progress.started(student.name, lab.name);
    });
  };
  const work = async (): Promise<void> => {
    for (const task of tasks) {
      const { student, lab } = task;
      const graded = await gradeOne(task);
      if (graded.record.status === 'missing' && student.unknown.length > 0) {
        graded.record.message = `${graded.record.message}; the submission has ${student.unknown.join(', ')}, which is not the name of a lab`;
      }
      const { survey, ...result } = graded;
      if (survey !== undefined)
        await reports.writeSurvey(student.name, lab.name, packSurvey(lab.name, survey, { startedAt: run.startedAt }));
      const own = results.get(student.name)!;
      own.set(lab.name, result);
      progress.finished(student.name, scoreLab(student.name, graded.record, plan.rubric));
      if (own.size < plan.labs.length) continue;
      const all = plan.labs.map(({ name }) => own.get(name)!);
      const engine = all.find((each) => each.engine !== undefined)?.engine ?? NO_ENGINE;
      const judged = all.map((each) => each.record);
      const record = scoreRecord(studentRecord(student.name, startedAt, engine, judged), plan.rubric);
      results.delete(student.name);
      handedIn.delete(student.name);
      await reports.writeRecord(record);
      records.set(student.name, record);
      grader.recorded?.(student.name);
      // Not waited for. If it fails, the last call below fails, too, and reports that.
      classFiles.ask().catch(() => undefined);
    }
  };
  try {
    await Promise.all(Array.from({ length: grader.jobs }, work));
  } catch (error) {
    await classFiles.ask().catch(() => undefined); // they have what was graded
    throw error;
  }
  complete = inOrder().every(isComplete);
  await classFiles.ask();
  return inOrder();
}

function digestsOf({ students, labs, on }: RunPlan, handedIn: Map<string, HandedIn>): Record<string, string> {
  const question = `${labs.map(({ name }) => name).join('+')} on ${on}`;
  const entries = students.flatMap(({ name }) => {
    const digest = handedIn.get(name)?.digest;
    return digest === undefined ? [] : [[name, `${question}: ${digest}`] as const];
  });
  return Object.fromEntries(entries);
}

/**
 * Takes over records of an earlier run that was not completed. A student who was graded then, on the same kind of host, and has
 * changed nothing since, is not graded again. The record is scored by the present rubric.
 */
async function keptRecords(
  plan: RunPlan,
  reports: ReportFolder,
  digests: Record<string, string>,
): Promise<Map<string, StudentRecord>> {
  const last = await reports.lastSummary();
  const kept = new Map<string, StudentRecord>();
  if (last === undefined || last.complete) return kept;
  const inSummary = new Set(last.students.map(({ student }) => student));
  for (const { name } of plan.students) {
    if (digests[name] === undefined || last.digests[name] !== digests[name]) continue;
    const record = await reports.lastRecord(name);
    if (record === undefined || !isComplete(record) || misfitOf(record, plan.rubric) !== undefined) continue;
    // A killed run may have written records that are not in its summary yet.
    if (!inSummary.has(name) && record.startedAt !== last.startedAt) continue;
    const scored = scoreRecord(record, plan.rubric);
    await reports.writeRecord(scored);
    kept.set(name, scored);
  }
  return kept;
}
