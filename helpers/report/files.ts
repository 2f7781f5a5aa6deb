/** Writes a run's reports: a record per student as soon as it is there, and the class's gradebook and summary. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gradebook } from './gradebook.ts';
import type { StudentRecord } from './record.ts';
import { isOfARun, studentFile } from './report-name.ts';
import { summaryOf, type RunFacts, type RunTimes, type Summary } from './summary.ts';

const SUMMARY = 'summary.json';

export class ReportFolder {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  async writeRecord(record: StudentRecord): Promise<void> {
    await this.write(studentFile(record.student, 'json'), `${JSON.stringify(record, null, 2)}\n`);
  }

  async writeClass(records: StudentRecord[], labs: string[], run: RunFacts): Promise<void> {
    await this.write('gradebook.csv', gradebook(records, labs));
    await this.writeSummary(records, run);
  }

  async writeSummary(records: StudentRecord[], run: RunFacts): Promise<void> {
    await this.write(SUMMARY, `${JSON.stringify(summaryOf(records, run), null, 2)}\n`);
  }

  /** Adds to the class's summary what is only known when everything is removed. */
  async writeRun(run: RunTimes): Promise<void> {
    const summary = await this.lastSummary();
    if (summary !== undefined) await this.write(SUMMARY, `${JSON.stringify({ ...summary, run }, null, 2)}\n`);
  }

  /** The summary of the last run into this folder, if there was one and it can be read. */
  async lastSummary(): Promise<Summary | undefined> {
    return (await this.#read(SUMMARY)) as Summary | undefined;
  }

  async lastRecord(student: string): Promise<StudentRecord | undefined> {
    return (await this.#read(studentFile(student, 'json'))) as StudentRecord | undefined;
  }

  async #read(file: string): Promise<unknown> {
    try {
      return JSON.parse(await readFile(path.join(this.folder, file), 'utf8'));
    } catch {
      return undefined;
    }
  }

  /** Whole or not at all: a reader, or a killed run, never leaves half a file. */
  async write(file: string, text: string): Promise<void> {
    await mkdir(this.folder, { recursive: true });
    const target = path.join(this.folder, file);
    const temporary = `${target}.${process.pid}.tmp`;
    await writeFile(temporary, text);
    await rename(temporary, target);
  }
}

/** Whether a file of a reports folder may be a student's record, by its name. */
export function isRecordFile(file: string): boolean {
  return file.endsWith('.json') && !isOfARun(file);
}
