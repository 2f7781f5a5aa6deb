/**
 * A grading run: grades every wanted lab of every student, and enters each result into the class's book at once. What is
 * unchanged since it was graded under the same rules is not graded again.
 */
import { packSurvey } from '../survey/survey-file.ts';
import type { GradableLab } from '../lab/catalogue.ts';
import { ClassBook, type Result } from '../report/class-book.ts';
import { Coalesced } from '../report/coalesced.ts';
import { isFinished, type LabRecord, type StudentRecord } from '../report/record.ts';
import { studentRecord, withCounting } from '../report/recording.ts';
import { remarkOnNone, scoreLab } from '../report/rubric/apply.ts';
import { remarksOnOverrides, withoutOverrides } from '../report/rubric/overrides.ts';
import type { Rubric } from '../report/rubric/rubric.ts';
import type { Student } from '../submission/find.ts';
import { creditedFor, submitterOf } from '../submission/groups.ts';
import type { Submission } from '../submission/submission.ts';
import { NO_ENGINE } from '../survey/nothing.ts';
import type { Graded } from './lab-task.ts';
import { readSubmissions, type HandedIn } from './read-submissions.ts';
import { isUnchanged, stampOf, type Conditions } from './unchanged.ts';

export interface RunPlan extends Conditions {
  students: Student[];
  labs: GradableLab[];
  /** The rubric by which the records are scored. */
  rubric: Rubric;
  out: string;
  /** Ends the run: what is being graded is given up. */
  stopping?: AbortSignal;
}

export interface Progress {
  started(student: string, lab: string): void;
  finished(student: string, lab: LabRecord): void;
  /** Called before anything is graded, with the number of labs that are unchanged since they were graded. */
  kept(labs: number): void;
  /** Called after that, with the number of labs that were handed in and are graded now. */
  begins?(labs: number): void;
  /** Called with a sentence about what the user should know of the reports. */
  note(text: string): void;
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
  /** The version of a machine's own engine; absent where the options say which engine. */
  readonly engine?: string | undefined;
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
  /** Called when a lab's record is on disk. What was kept in case the run is killed is then no longer needed. */
  recorded?(student: string, lab: string): void;
}

export interface RunResult {
  /** One record per student, in the plan's order, of what this run has graded or found unchanged. */
  records: StudentRecord[];
  /** All records of the reports folder, by the students' names. */
  all: StudentRecord[];
  /** Students of whom not everything has been graded that was asked for. */
  pending: ReadonlySet<string>;
  /** How many labs have a result, of how many that the run was asked for. */
  graded: number;
  asked: number;
}

/** @throws {InfrastructureError} when the reports folder cannot be written. What was graded until then is in it. */
export async function gradeAll(plan: RunPlan, grader: LabGrader, progress: Progress): Promise<RunResult> {
  const book = await ClassBook.open(plan.out, plan.rubric.labs.keys(), progress.note.bind(progress));
  await book.folder.removeUnfinished();
  const remark = remarkOnNone(book.records, plan.rubric);
  if (remark !== undefined) progress.note(remark);
  const handedIn = await readSubmissions(plan.students, plan.labs);
  const run = new Run({ plan, grader, progress, book, handedIn });
  await run.keepUnchanged();
  // From now on, a run that is killed leaves files that say that it was not complete.
  await book.writeClass(run.pending);
  try {
    await run.grade();
  } catch (error) {
    await book.writeClass(run.pending).catch(() => undefined); // they have what was graded
    throw error;
  }
  await run.writeClass();
  for (const remark of remarksOnOverrides(book.records, plan.rubric)) progress.note(remark);
  const { records, pending, graded, asked } = run;
  return { records, all: book.records, pending, graded, asked };
}

interface Parts {
  plan: RunPlan;
  grader: LabGrader;
  progress: Progress;
  book: ClassBook;
  handedIn: Map<string, HandedIn>;
}

class Run {
  readonly #parts: Parts;
  readonly #conditions: Conditions & { rubric: Rubric };
  readonly #startedAt = new Date().toISOString();
  readonly #results: Map<string, LabRecord[]>;
  /** Aborts when a result could not be recorded. */
  readonly #failed = new AbortController();
  /** Aborts when the run is to end, for whatever reason. */
  readonly #ending: AbortSignal;
  readonly #stopped: Promise<undefined>;
  readonly #classFiles: Coalesced;
  #tasks: Iterator<Task> & Iterable<Task>;

  constructor(parts: Parts) {
    const { plan, grader, book, handedIn } = parts;
    const { students, labs, stopping } = plan;
    this.#parts = parts;
    this.#conditions = grader.engine === undefined ? plan : { ...plan, on: `${plan.on} Engine ${grader.engine}` };
    this.#results = new Map(students.flatMap(creditedFor).map((name) => [name, []]));
    this.#tasks = students
      .values()
      .flatMap((student) =>
        labs.map((lab) => ({ student, lab, submission: handedIn.get(student.name)?.submissions.get(lab.name) })),
      );
    this.#classFiles = new Coalesced(() => book.writeClass(this.pending));
    this.#ending = AbortSignal.any([this.#failed.signal, ...(stopping === undefined ? [] : [stopping])]);
    this.#stopped = new Promise((resolve) => {
      this.#ending.addEventListener('abort', () => {
        resolve(undefined);
      });
    });
  }

  /** Takes over what would be graded as before. It is scored by the present rubric. */
  async keepUnchanged(): Promise<void> {
    const { grader, progress } = this.#parts;
    const tasks = [...this.#tasks];
    const changed: Task[] = [];
    for (const task of tasks) {
      const last = this.#lastOf(task);
      if (grader.live || last === undefined || !isUnchanged(last, task, this.#conditions)) changed.push(task);
      else await this.#enter(task, last);
    }
    if (changed.length < tasks.length) progress.kept(tasks.length - changed.length);
    progress.begins?.(changed.filter(({ submission }) => grader.live || submission !== undefined).length);
    this.#tasks = changed.values();
  }

  /** Grades several labs at a time. @throws when one cannot be recorded. The others are given up then: nothing goes on. */
  async grade(): Promise<void> {
    const gradings = Array.from({ length: this.#parts.grader.jobs }, () => this.#gradeNext());
    for (const grading of gradings)
      grading.catch(() => {
        this.#failed.abort();
      });
    await Promise.allSettled(gradings);
    await Promise.all(gradings);
  }

  /** Grades one lab after another, until none is left or the run is ended. */
  async #gradeNext(): Promise<void> {
    const { progress, grader } = this.#parts;
    for (const task of this.#tasks) {
      if (this.#ending.aborted) return;
      const graded = await Promise.race([this.#gradeTask(task), this.#stopped]);
      if (graded === undefined) return; // the run was ended: this lab has no result
      const { record, survey, ...engine } = graded;
      const run = stampOf(task, this.#conditions, this.#startedAt);
      const packed = survey && packSurvey(task.lab.name, survey, { startedAt: run.startedAt });
      const result = this.#asBefore(task, { ...withUnknownLabs(record, task.student), ...engine, run });
      const { scored, entered } = await this.#enter(task, result, packed);
      progress.finished(task.student.name, scored);
      if (!entered) progress.note(whatStays(task, scored));
      grader.recorded?.(task.student.name, task.lab.name);
      // Not waited for. If it fails, the last writing fails, too, and reports that.
      this.#classFiles.ask().catch(() => undefined);
    }
  }

  /** The last result; of a group, of any member who has one. */
  #lastOf({ student, lab }: Pick<Task, 'student' | 'lab'>): LabRecord | undefined {
    return creditedFor(student)
      .map((name) => this.#parts.book.resultOf(name, lab.name))
      .find((last) => last !== undefined);
  }

  /** A lab that is missing as it was before keeps its result: nothing is new. */
  #asBefore({ student, lab }: Task, result: Result): Result {
    const last = this.#lastOf({ student, lab });
    const isSame = result.status === 'missing' && last?.status === 'missing' && last.message === result.message;
    return isSame && last.run !== undefined ? { ...result, run: last.run } : result;
  }

  async writeClass(): Promise<void> {
    await this.#parts.book.settle(this.#parts.plan.rubric.counting);
    await this.#classFiles.ask();
  }

  /** Students of whom not everything has been graded that was asked for. */
  get pending(): ReadonlySet<string> {
    const { labs } = this.#parts.plan;
    const isPending = (results: LabRecord[]): boolean =>
      results.length < labs.length || !results.every((result) => isFinished(result));
    return new Set(this.#results.entries().flatMap(([student, results]) => (isPending(results) ? [student] : [])));
  }

  /** What the run has of each student, in the plan's order. */
  get records(): StudentRecord[] {
    const { plan } = this.#parts;
    const order = plan.labs.map(({ name }) => name);
    const none = this.#parts.book.notCounting;
    return [...this.#results].map(([student, results]) => {
      const labs = results
        .map((lab) => withCounting(lab, none))
        .sort((a, b) => order.indexOf(a.lab) - order.indexOf(b.lab));
      return studentRecord(student, labs, { startedAt: this.#startedAt, engine: NO_ENGINE });
    });
  }

  get graded(): number {
    return this.#results.values().reduce((sum, labs) => sum + labs.filter(isFinished).length, 0);
  }

  get asked(): number {
    const { students, labs } = this.#parts.plan;
    return students.flatMap(creditedFor).length * labs.length;
  }

  /** Enters a result for whoever's work it is; each of a group is scored alone, because overrides may be for one. */
  async #enter({ student }: Task, result: Result, survey?: Buffer): Promise<{ scored: LabRecord; entered: boolean }> {
    const { plan, book } = this.#parts;
    const entries = creditedFor(student).map(async (name) => {
      const submitter = submitterOf(student, name);
      const from = submitter === undefined ? result : { ...result, submitter };
      const last = book.resultOf(name, result.lab) ?? withoutOverrides(result);
      const scored = { ...scoreLab(name, from, plan.rubric, last), run: result.run };
      this.#results.get(name)!.push(scored);
      return { scored, entered: await book.enter(name, scored, survey, plan.rubric.attempts) };
    });
    const [first, ...others] = await Promise.all(entries);
    return { scored: first!.scored, entered: [first!, ...others].every(({ entered }) => entered) };
  }

  async #gradeTask(task: Task): Promise<Graded> {
    const { grader, progress, handedIn } = this.#parts;
    const { student, lab, submission } = task;
    const refused = handedIn.get(student.name)?.refused.get(lab.name);
    // On a live host nothing is copied, so a folder that is too large does not matter there.
    if (refused !== undefined && !(grader.live && submission !== undefined)) return refused;
    return await grader.grade(task, () => {
      progress.started(student.name, lab.name);
    });
  }
}

function withUnknownLabs(record: LabRecord, { unknown, nothing }: Student): LabRecord {
  if (record.status !== 'missing') return record;
  if (nothing !== undefined) return { ...record, message: `${record.message}: ${nothing}` };
  if (unknown.length === 0) return record;
  const message = `${record.message}; the submission has ${unknown.join(', ')}, which is not the name of a lab`;
  return { ...record, message };
}

function whatStays({ student, lab }: Task, { status }: LabRecord): string {
  const why = status === 'missing' ? 'nothing is handed in now' : 'it could not be graded now';
  return `${student.name}  ${lab.name}: ${why}; the result of an earlier run stays`;
}
