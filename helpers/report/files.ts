/** The reports folder: reads and writes its files, each completely or not at all. */
import { lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { InfrastructureError } from '../base/failure.ts';
import { gradebook } from './gradebook.ts';
import type { LabRecord, StudentRecord } from './record.ts';
import { attemptFile, isOfARun, studentFile, surveyFile } from './report-name.ts';
import { summaryOf, type RunTimes, type Summary } from './summary.ts';

const SUMMARY = 'summary.json';
/** The temporary name that `write` gives a file until it is complete. */
const UNFINISHED = /\.(?:json|csv|html|md|xml|gz|zip)\.(\d+)-\d+\.tmp$/;

/** What keeps a file from being written, by the error's code. */
export const IN_THE_WAY: Record<string, string> = {
  ENOSPC: 'no space is left on the disk of',
  EDQUOT: 'the disk quota is used up in',
  EROFS: 'nothing can be written on the disk of',
  EACCES: 'this user may not write in',
};

/** Counts this process's writes, so that each has a temporary file of its own. */
let writes = 0;

export class ReportFolder {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  async writeRecord(record: StudentRecord): Promise<void> {
    await this.write(studentFile(record.student, 'json'), `${JSON.stringify(record, null, 2)}\n`);
  }

  /** What a lab's grading saw, beside the record; see surveyFile. */
  async writeSurvey(student: string, lab: string, packed: Buffer): Promise<void> {
    await this.write(surveyFile(student, lab), packed);
  }

  /** A result of a lab that does not count, beside the record of the one that does; see attempts.ts. */
  async writeAttempt(student: string, lab: LabRecord, startedAt: string): Promise<void> {
    await this.write(attemptFile(student, lab.lab, startedAt), `${JSON.stringify(lab, null, 2)}\n`);
  }

  /**
   * @param complete False while a run grades, and when something could not be graded.
   * @param pending See `gradebook`.
   */
  async writeClass(
    records: StudentRecord[],
    labs: string[],
    complete: boolean,
    pending?: ReadonlySet<string>,
  ): Promise<void> {
    await this.write('gradebook.csv', gradebook(records, labs, pending));
    await this.write(SUMMARY, `${JSON.stringify(summaryOf(records, complete), null, 2)}\n`);
  }

  /** Adds the run's times to the class's summary; they are known only when all lab hosts are removed. */
  async writeRun(run: RunTimes): Promise<void> {
    const summary = await this.lastSummary();
    if (summary !== undefined) await this.write(SUMMARY, `${JSON.stringify({ ...summary, run }, null, 2)}\n`);
  }

  /** The summary of the last run into this folder, if there was one and it can be read. */
  async lastSummary(): Promise<Summary | undefined> {
    try {
      return JSON.parse(await readFile(path.join(this.folder, SUMMARY), 'utf8')) as Summary;
    } catch {
      return undefined; // there is none, or it is written anew
    }
  }

  /**
   * Writes a file completely or not at all: no reader ever sees half a file, not even after a kill or on a full disk.
   *
   * @throws {InfrastructureError} naming the file and the reason.
   */
  async write(file: string, content: string | Buffer): Promise<void> {
    const target = path.join(this.folder, file);
    const temporary = `${target}.${process.pid}-${++writes}.tmp`;
    try {
      await mkdir(this.folder, { recursive: true });
      await makeFolders(this.folder, path.dirname(file));
      await rm(temporary, { force: true });
      // Made anew: no link that somebody has put there is followed. Flush, because some file systems report a full disk only
      // then, and because the file then survives a power cut.
      await writeFile(temporary, content, { flag: 'wx', flush: true });
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined); // the next run removes it
      throw new InfrastructureError(this.#unwritten(target, error as NodeJS.ErrnoException));
    }
  }

  #unwritten(file: string, { code = '', message }: NodeJS.ErrnoException): string {
    const why = IN_THE_WAY[code];
    const what = why === undefined ? message : `${why} ${this.folder}`;
    return `${file} could not be written: ${what}. Records written before are kept; solve this and run the same command again`;
  }

  /** Removes the temporary files of runs that were killed while they wrote. */
  async removeUnfinished(): Promise<void> {
    const names = await readdir(this.folder, { recursive: true }).catch(() => []); // there is none yet
    for (const name of names) {
      const pid = UNFINISHED.exec(name)?.[1];
      if (pid !== undefined && !isRunning(Number(pid))) await rm(path.join(this.folder, name), { force: true });
    }
  }
}

/** Makes folders in the reports folder. One that is a link is refused: a student's repository, graded where it is, may have it. */
async function makeFolders(within: string, inside: string): Promise<void> {
  let folder = within;
  for (const part of inside.split(path.sep).filter((each) => each !== '.')) {
    folder = path.join(folder, part);
    await mkdir(folder).catch((error: unknown) => {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    });
    if (!(await lstat(folder)).isDirectory()) throw new Error(`${folder} is no folder, or a link to one: remove it`);
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Whether a file of a reports folder may be a student's record, by its name. */
export function isRecordFile(file: string): boolean {
  return file.endsWith('.json') && !isOfARun(file);
}
