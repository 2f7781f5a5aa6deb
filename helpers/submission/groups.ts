/** Groups: what one member has handed in is the work of all. It is graded once, and everybody is credited. */
import { UsageError } from '../base/failure.ts';
import { byName } from '../base/similar-name.ts';
import type { Student } from './find.ts';
import type { Place } from './place.ts';
import type { Submitter } from './platforms/download.ts';
import { readSubmission } from './submission.ts';

/**
 * Puts one entry in the place of the members of each group. Its labs are those in a folder that is called as the group, or in
 * its members' folders.
 *
 * @param groups Names of groups, each with its members.
 * @throws {UsageError} when members of a group have handed in different work for one lab. All such cases are named.
 */
export async function inGroups(students: Student[], groups: ReadonlyMap<string, string[]>): Promise<Student[]> {
  const conflicts: string[] = [];
  const grouped: Student[] = [];
  for (const [name, members] of groups) {
    const theirs = students.filter((student) => student.name === name || members.includes(student.name));
    if (theirs.length === 0 || members.length === 0) continue;
    const labs = new Map<string, { by: string; place: Place }>();
    for (const { name: by, labs: own } of theirs)
      for (const [lab, place] of own) {
        const other = labs.get(lab);
        if (other === undefined) labs.set(lab, { by, place });
        else if (!(await isSame(other.place, place)))
          conflicts.push(`${name} has handed in ${lab} twice: by ${other.by} and by ${by}`);
      }
    grouped.push({
      name,
      members,
      labs: new Map(labs.entries().map(([lab, { place }]) => [lab, place])),
      unknown: theirs.flatMap(({ unknown }) => unknown),
      submitters: new Map(theirs.flatMap((each) => (each.submitter ? [[each.name, each.submitter] as const] : []))),
    });
  }
  if (conflicts.length > 0)
    throw new UsageError(`a group’s work is graded once; leave the one that counts:\n  ${conflicts.join('\n  ')}`);
  const alone = students.filter(({ name }) => !groups.has(name) && ![...groups.values()].flat().includes(name));
  return [...alone, ...grouped].sort((a, b) => byName(a.name, b.name));
}

/** Whose work it is: the members of a group, or the one student. */
export function creditedFor({ name, members = [name] }: Pick<Student, 'name' | 'members'>): string[] {
  return members;
}

/** How the learning platform knows one of those whose work it is. */
export function submitterOf({ submitter, submitters }: Student, name: string): Submitter | undefined {
  return submitters === undefined ? submitter : submitters.get(name);
}

/** Platforms give every member of a group a copy. */
async function isSame(one: Place, other: Place): Promise<boolean> {
  const [{ digest }, { digest: others }] = await Promise.all([readSubmission(one), readSubmission(other)]);
  return digest === others;
}
