/** Joins pairs that share a student into groups: a solution that many copied is one finding, not dozens. */
import type { StudentRecord } from '../record.ts';
import { similarPairs, type SimilarPair } from './pairs.ts';

export interface SimilarGroup {
  lab: string;
  /** In alphabetical order. Not all of them need to be similar to each other: see the pairs. */
  students: string[];
  /** The most similar first. */
  pairs: Omit<SimilarPair, 'lab'>[];
}

/** @returns lab by lab, the most similar first. */
export function similarGroups(records: StudentRecord[]): SimilarGroup[] {
  const groups: SimilarGroup[] = [];
  for (const { lab, ...pair } of similarPairs(records)) {
    const joined = groups.filter(
      (group) => group.lab === lab && pair.students.some((each) => group.students.includes(each)),
    );
    const [into = { lab, students: [], pairs: [] }, ...others] = joined;
    if (joined.length === 0) groups.push(into);
    for (const other of others) groups.splice(groups.indexOf(other), 1);
    into.students = [...new Set([into, ...others].flatMap(({ students }) => students).concat(pair.students))].sort();
    into.pairs = [...into.pairs, ...others.flatMap(({ pairs }) => pairs), pair].sort((a, b) => b.share - a.share);
  }
  return groups;
}
