/** A class to be graded: copies of one submission in a folder of their own, and `npm run grade` on them. */
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { StudentRecord } from '../../helpers/report/record.ts';

export const LAB = 'nginx-flask-mongo';
/** Exercise 2 as it should be done. */
export const GOOD = path.resolve('submissions/example-good', LAB);
/** It works end to end and breaks four rules, nginx-public-only and nginx-cannot-reach-mongo among them. */
export const BROKEN = path.resolve('submissions/example-published-solution', LAB);
/** Where the good one's Compose file is. */
export const GOOD_STACK = path.join(GOOD, 'nginx_flask_mongodb');

export class Class implements Disposable {
  readonly students: string[];
  readonly #folder = mkdtempSync(path.join(os.tmpdir(), 'netgrade-bench-'));

  /** @param submission What every one of them hands in. */
  constructor(size: number, submission = GOOD) {
    this.students = Array.from({ length: size }, (_, i) => `student-${String(i + 1).padStart(3, '0')}`);
    for (const student of this.students) cpSync(submission, this.submissionOf(student), { recursive: true });
  }

  /** The folder of this student's lab. */
  submissionOf(student: string): string {
    return path.join(this.submissions, student, LAB);
  }

  get submissions(): string {
    return path.join(this.#folder, 'submissions');
  }

  get reports(): string {
    return path.join(this.#folder, 'reports');
  }

  /** The command that grades these; it fails when somebody has not got all points. */
  command(jobs: number, students: string[] = this.students): string[] {
    return ['npm', 'run', '--silent', 'grade', '--', ...students].concat(
      ['--submissions', this.submissions],
      ['--out', this.reports],
      ['--jobs', String(jobs)],
      ['--min-score', '100', '--again'],
    );
  }

  record(student: string): StudentRecord {
    return JSON.parse(readFileSync(path.join(this.reports, `${student}.json`), 'utf8')) as StudentRecord;
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
