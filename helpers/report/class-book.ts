/**
 * The class's book: all records in a reports folder. Runs enter what they graded, lab by lab. What is finished is replaced
 * only by something newer that is finished, too.
 */
import { existsSync, readdirSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import path from 'node:path';
import { byName } from '../base/similar-name.ts';
import { NO_ENGINE } from '../survey/nothing.ts';
import { withAttempts, type CountingAttempt } from './attempts.ts';
import { Coalesced } from './coalesced.ts';
import { isRecordFile, ReportFolder } from './files.ts';
import type { Unread } from './read-records.ts';
import {
  classOf,
  isComplete,
  isFinished,
  labsOf,
  type GradingStamp,
  type LabRecord,
  type StudentRecord,
} from './record.ts';
import { countedRecord, labsIn, notCounting, studentRecord } from './recording.ts';
import { studentFile } from './report-name.ts';

/** A lab's result, with the run that it comes from, and its engine if it needed a machine. */
export type Result = LabRecord & { run: GradingStamp };

/** What holds of a result if it does not say it itself. */
type Source = Pick<StudentRecord, 'startedAt' | 'engine'>;

export class ClassBook {
  readonly folder: ReportFolder;
  readonly #records: Map<string, StudentRecord>;
  /** Files that have a record's name and are none that this version reads. */
  readonly #unread: Unread[];
  /** The catalogue's order. */
  readonly #labs: string[];
  readonly #say: (text: string) => void;
  readonly #writes = new Map<string, Coalesced>();
  #notCounting: string[] = [];
  /** Whose results were entered since the book was opened. */
  readonly #entered = new Set<string>();

  private constructor(folder: string, { records, unread }: Content, labs: string[], say: (text: string) => void) {
    this.folder = new ReportFolder(folder);
    this.#records = new Map(records.map((record) => [record.student, record]));
    this.#unread = unread;
    this.#labs = labs;
    this.#say = say;
  }

  /**
   * Reads the records of a folder, which need not exist. Files that are no records stay as they are, and are said.
   *
   * @param labs The names of all labs, in the order in which a record has them.
   */
  static async open(folder: string, labs: Iterable<string>, say: (text: string) => void): Promise<ClassBook> {
    const content = await contentOf(folder);
    for (const { why } of content.unread) say(`${why}; the file is kept, and the class’s files are made without it`);
    return new ClassBook(folder, content, [...labs], say);
  }

  /** The class's records, and those of whoever got a result since the book was opened; by the students' names. */
  get records(): StudentRecord[] {
    const all = [...this.#records.values()].sort((a, b) => byName(a.student, b.student));
    const ofClass = classOf(all);
    return all.filter((record) => ofClass.includes(record) || this.#entered.has(record.student));
  }

  resultOf(student: string, lab: string): LabRecord | undefined {
    const record = this.#records.get(student);
    return record && labsIn(record).find((each) => each.lab === lab);
  }

  /**
   * Enters a result, unless that would replace one that says more: what could not be graded replaces nothing that was, and
   * a lab that is missing replaces nothing that was handed in.
   *
   * @param survey By what it was judged, packed.
   * @param which Of several attempts, the one that counts.
   * @returns whether it was entered.
   */
  async enter(student: string, result: Result, survey?: Buffer, which: CountingAttempt = 'latest'): Promise<boolean> {
    const last = this.resultOf(student, result.lab);
    if (last !== undefined && saysMore(last, result)) {
      this.#entered.add(student);
      return false;
    }
    const { counting, other } = withAttempts(last, result, which);
    if (other?.run !== undefined) await this.folder.writeAttempt(student, other, other.run.startedAt);
    // An attempt that does not count leaves the survey of the one that does.
    const kept = other === result ? undefined : survey;
    return this.#enter(student, counting, { startedAt: result.run.startedAt, engine: NO_ENGINE }, kept);
  }

  /** Enters each lab of a record that another folder has. What says more here stays. */
  async enterAll(record: StudentRecord): Promise<void> {
    for (const lab of labsIn(record)) await this.#enter(record.student, lab, record);
  }

  async #enter(student: string, result: LabRecord, source: Source, survey?: Buffer): Promise<boolean> {
    const last = this.resultOf(student, result.lab);
    this.#entered.add(student);
    if (last !== undefined && saysMore(last, result)) return false;
    if (!(await this.#makeRoom(student, result))) return false;
    if (survey !== undefined) await this.folder.writeSurvey(student, result.lab, survey);
    const record = this.#records.get(student);
    const labs = [...(record ? labsIn(record) : []).filter(({ lab }) => lab !== result.lab), result];
    const order = labsOf([{ labs }], this.#labs);
    labs.sort((a, b) => order.indexOf(a.lab) - order.indexOf(b.lab));
    const of = { startedAt: source.startedAt, engine: record?.engine ?? source.engine };
    this.#records.set(student, studentRecord(student, labs, of));
    try {
      await this.#write(student);
    } catch (error) {
      // The class's files are made of what is on the disk.
      if (record === undefined) this.#records.delete(student);
      else this.#records.set(student, record);
      throw error;
    }
    return true;
  }

  /**
   * Writes gradebook.csv and summary.json.
   *
   * @param pending Students of whom a run has not graded everything yet.
   * @param graded False when the records come from a run that was not complete.
   */
  async writeClass(pending: ReadonlySet<string>, graded = true): Promise<void> {
    const records = classOf(this.records);
    const labs = labsOf(records, this.#labs);
    const complete = graded && pending.size === 0 && records.every((record) => isComplete(record));
    await this.folder.writeClass(records, labs, complete, pending);
  }

  /** The labs that change nobody's total, since `settle`. */
  get notCounting(): string[] {
    return this.#notCounting;
  }

  /**
   * Decides which labs count, when it is known who has handed in what, and writes the records again for which that changes
   * something.
   *
   * @param counting The labs that the course says count, if it does.
   */
  async settle(counting?: string[]): Promise<void> {
    const records = this.records;
    this.#notCounting = notCounting(records, counting);
    for (const record of records) {
      const settled = countedRecord(record, this.#notCounting);
      if (settled === record) continue;
      this.#records.set(record.student, settled);
      await this.#write(record.student);
    }
  }

  /** Several labs of one student may be entered at a time: the last of these writes is of all. */
  #write(student: string): Promise<void> {
    const write =
      this.#writes.get(student) ?? new Coalesced(() => this.folder.writeRecord(this.#records.get(student)!));
    this.#writes.set(student, write);
    return write.ask();
  }

  /** Sets a file aside that is in the way of a student's record. @returns false when the result is not worth it. */
  async #makeRoom(student: string, result: LabRecord): Promise<boolean> {
    const file = studentFile(student, 'json');
    const unread = this.#unread.findIndex((each) => each.file === file);
    if (unread === -1) return true;
    if (!isFinished(result)) return false;
    this.#unread.splice(unread, 1);
    const aside = unusedName(path.join(this.folder.folder, file));
    await rename(path.join(this.folder.folder, file), aside);
    this.#say(`${file}, which cannot be read, is kept as ${path.basename(aside)}: ${student} has a new record`);
    return true;
  }
}

interface Content {
  records: StudentRecord[];
  unread: Unread[];
}

async function contentOf(folder: string): Promise<Content> {
  if (!existsSync(folder) || !readdirSync(folder).some(isRecordFile)) return { records: [], unread: [] };
  // Only now, because it takes time to load what checks records, and a new folder has none.
  const { readClass } = await import('./read-records.ts');
  return readClass(folder);
}

function saysMore(last: LabRecord, now: LabRecord): boolean {
  if (!isFinished(now)) return isFinished(last);
  return now.status === 'missing' && isFinished(last) && last.status !== 'missing';
}

function unusedName(file: string): string {
  const names = Iterator.from(count()).map((n) => `${file}.kept-${n}`);
  return names.find((name) => !existsSync(name))!;
}

function* count(): Generator<number, never> {
  for (let n = 1; ; n++) yield n;
}
