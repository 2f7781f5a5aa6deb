/** By what Moodle, and a list of students that it exported, know a student. */
import { csvCell } from '../csv.ts';
import { column, type Key, type Roster } from '../roster.ts';

/** The identifiers of a grade import, best first, and what exports call them. */
export const IDENTIFIERS: Record<string, string[]> = {
  username: ['username'],
  useremail: ['useremail', 'email address', 'email'],
  useridnumber: ['useridnumber', 'id number', 'idnumber'],
  userid: ['userid', 'user id'],
};

export function hasIdentifier(roster: Roster): boolean {
  return Object.values(IDENTIFIERS).some((names) => column(roster, ...names) !== undefined);
}

/** What a student's folder may be called: any identifier, the full name, or as Moodle calls folders of submissions. */
export function keysOf(roster: Roster): Key[] {
  const [first, last] = [column(roster, 'first name'), column(roster, 'last name', 'surname')];
  const simple = [...Object.values(IDENTIFIERS), ['identifier'], ['full name']].flatMap((names): Key[] => {
    const index = column(roster, ...names);
    return index === undefined ? [] : [{ name: roster.header[index]!, of: (row) => row[index]! }];
  });
  return first === undefined || last === undefined
    ? simple
    : [...simple, { name: 'first and last name', of: (row) => `${row[first]!} ${row[last]!}` }];
}

/**
 * Whether a text can identify somebody in an import: Moodle takes nothing else in a user name, and what would be a formula
 * in a spreadsheet cannot be written unchanged. One row that it does not know cancels the whole import.
 */
export function canIdentify(text: string, kind: string): boolean {
  if (text === '' || text === '-' || csvCell(text) !== text) return false;
  return kind === 'username' ? /^[a-z0-9_.@-]+$/i.test(text) : true;
}
