/**
 * The entry for scripts: `import { grade } from 'netgrade'`. Grades as `npm run grade` does, without a command line around
 * it; see docs/scripts.md.
 */
import { loadCatalogue } from '../lab/catalogue.ts';
import { heardBy } from '../machine/setup/say.ts';
import { takeFolder } from '../report/folder-lock.ts';
import type { StudentRecord } from '../report/record.ts';
import { loadRubric } from '../report/rubric/load.ts';
import { openGrader } from './graders.ts';
import { gradedOn, runOptions, type GradeOptions } from './options.ts';
import { gradeAll, type Progress } from './run.ts';
import { programDigest } from './program.ts';
import { findWork } from './work.ts';

export { InfrastructureError, UsageError } from '../base/failure.ts';
export type { GradeOptions, StudentRecord };

export interface Listeners {
  /** Called with a sentence about what is prepared, and about what does not go as it should. */
  onMessage?: (text: string) => void;
  /** Called when the grading of a lab begins and when it has finished. */
  progress?: Partial<Progress>;
}

const NOTHING = (): void => undefined;

/**
 * Grades, writes records, gradebook.csv and summary.json into the folder for reports, and removes what it has made. It
 * prints nothing, and it does not end the process.
 *
 * @returns one record for each student. A lab that could not be graded, which is not the student's fault, has the status
 *   `error` there.
 * @throws {UsageError} when an option names something that does not exist, or when options do not go together.
 * @throws {InfrastructureError} when nothing can be graded at all, e.g. because there is no engine in reach.
 */
export function grade(options: GradeOptions & Listeners = {}): Promise<StudentRecord[]> {
  const { onMessage = NOTHING, progress = {} } = options;
  return heardBy(onMessage, async () => {
    const run = runOptions(options);
    const catalogue = await loadCatalogue(run.ownLabs);
    const rubric = loadRubric(run, catalogue);
    const { students, labs } = await findWork(run, catalogue);
    await using held = await takeFolder(run.out, `import { grade } from 'netgrade'`);
    await using grader = await openGrader({ students, labs }, run, NOTHING);
    const told = { started: NOTHING, finished: NOTHING, kept: NOTHING, note: onMessage, ...progress };
    const conditions = { on: gradedOn(run), program: await programDigest() };
    try {
      const { records } = await gradeAll({ ...run, ...conditions, students, labs, rubric }, grader, told);
      return records;
    } finally {
      for (const text of grader.kept ?? []) onMessage(text);
    }
  });
}
