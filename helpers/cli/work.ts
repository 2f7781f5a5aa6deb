/** Whose work is graded: students' folders, or whatever runs on a live host. */
import os from 'node:os';
import { UsageError } from '../failure.ts';
import { findStudents, type Student } from '../submission/find.ts';
import type { Options } from './options.ts';

/** @throws {UsageError} */
export function findWork(options: Options, knownLabs: string[]): Student[] {
  if (!options.live) return findStudents(options.submissions, { ...options, knownLabs });
  const found = liveWork(options, knownLabs);
  if (found.length > 1)
    throw new UsageError(
      `what runs on one machine is the work of one student: name that student (there are ${found.map(({ name }) => name).join(', ')})`,
    );
  return found;
}

/** On a live host a folder of the student's is of use (roles, answers) but not needed. */
function liveWork(options: Options, knownLabs: string[]): Student[] {
  const { students, student, labs, submissionsGiven } = options;
  if (students.length > 0 || submissionsGiven) return findStudents(options.submissions, { ...options, knownLabs });
  if (labs.length === 0)
    throw new UsageError(`say which lab it is that runs there, with --lab (one of ${knownLabs.join(', ')})`);
  return [{ name: student ?? os.userInfo().username, labs: new Map(), unknown: [] }];
}
