/** Reads all submissions before anything is graded. This also finds those that cannot be graded at all. */
import { reasonOf } from '../base/failure.ts';
import type { GradableLab } from '../lab/catalogue.ts';
import { failedLab, ungradedLab } from '../report/recording.ts';
import type { Student } from '../submission/find.ts';
import { readSubmission, type Submission } from '../submission/submission.ts';
import type { Graded } from './lab-task.ts';

/** How many students' folders are read at a time. It is limited, because each needs an open file. */
const AT_A_TIME = 16;

/** What one student handed in. */
export interface HandedIn {
  /** By the lab's name. */
  submissions: Map<string, Submission>;
  /** By the lab's name: the result for a submission that is too large or cannot be read. */
  refused: Map<string, Graded>;
}

/** @returns what each student handed in, by the student's name. */
export async function readSubmissions(students: Student[], labs: GradableLab[]): Promise<Map<string, HandedIn>> {
  const found = new Map<string, HandedIn>();
  const left = students.values();
  const work = async (): Promise<void> => {
    for (const student of left) found.set(student.name, await readAll(student, labs));
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  return found;
}

async function readAll(student: Student, labs: GradableLab[]): Promise<HandedIn> {
  const submissions = new Map<string, Submission>();
  const refused = new Map<string, Graded>();
  for (const lab of labs) {
    const folder = student.labs.get(lab.name);
    if (folder === undefined) continue;
    try {
      const submission = await readSubmission(folder);
      submissions.set(lab.name, submission);
      if (submission.over !== undefined)
        refused.set(lab.name, { record: ungradedLab(lab, 'invalid', submission.over) });
    } catch (error) {
      const why = `the submission cannot be read: ${reasonOf(error)}`;
      refused.set(lab.name, { record: failedLab(lab, why, 0) });
    }
  }
  return { submissions, refused };
}
