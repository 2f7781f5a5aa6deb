/** A table for Moodle's grade import: an identifier, a grade and feedback per lab, and the sum of the grades. */
import { csvText, type Cell } from '../../csv.ts';
import { oneLine } from '../../../base/inert.ts';
import { countingLabs, isComplete, type LabRecord, type StudentRecord } from '../../record.ts';
import { column, gradeOutOf, matchRows, untouched, type Roster } from '../roster.ts';
import { feedbackOn } from './feedback.ts';
import { canIdentify, IDENTIFIERS, keysOf } from './identifiers.ts';

/** What Moodle reads as no grade. */
const NONE = '-';

interface Identified {
  /** The column's name in Moodle. */
  kind: string;
  of: Map<string, string>;
  notes: string[];
}

/** @param views The same records as their students may see them, for the feedback. */
export function gradeImport(
  roster: Roster | undefined,
  records: StudentRecord[],
  views: StudentRecord[],
): { text: string; notes: string[] } {
  const students = records.map(({ student }) => student);
  const { kind, of, notes } = roster === undefined ? byFolder(students) : byRoster(roster, students);
  const labs = countingLabs(records);
  const header = [kind, ...labs.flatMap((lab) => [lab, `${lab} feedback`]), 'total'];
  const rows = records.flatMap((record, i): Cell[][] => {
    const identifier = of.get(record.student);
    if (identifier === undefined) return [];
    const total = isComplete(record) ? gradeOutOf(record) : undefined;
    return [[identifier, ...labs.flatMap((lab) => labCells(lab, record, views[i]!)), total ?? NONE]];
  });
  return { text: csvText([header, ...rows]), notes };
}

function labCells(name: string, record: StudentRecord, view: StudentRecord): Cell[] {
  const named = ({ lab }: LabRecord): boolean => lab === name;
  const lab = record.labs.find(named);
  if (lab === undefined || lab.counts === false) return [NONE, ''];
  return [lab.status === 'error' ? NONE : (gradeOutOf(lab) ?? NONE), feedbackOn(view.labs.find(named)!)];
}

function byFolder(students: string[]): Identified {
  return usable('username', new Map(students.map((student) => [student, student])), []);
}

/** Uses the first kind of identifier that the list has for every student who was found in it. */
function byRoster(roster: Roster, students: string[]): Identified {
  const { rowOf, notes } = matchRows(roster, keysOf(roster), students);
  const found = [...rowOf.values()];
  const kinds = Object.entries(IDENTIFIERS).flatMap(([kind, names]) => {
    const index = column(roster, ...names);
    return index === undefined ? [] : [{ kind, index }];
  });
  const { kind, index } = kinds.find((each) => found.every((row) => row[each.index]!.trim() !== '')) ?? kinds[0]!;
  const nobody = roster.rows.filter((row) => !found.includes(row)).map((row) => row[index]!);
  return usable(kind, new Map([...rowOf].map(([student, row]) => [student, row[index]!.trim()])), [
    ...notes,
    ...untouched(roster.file, nobody),
  ]);
}

function usable(kind: string, all: Map<string, string>, notes: string[]): Identified {
  const bad = [...all].filter(([, identifier]) => !canIdentify(identifier, kind));
  const left = bad.map(([student, identifier]) =>
    oneLine(
      `"${student}" was left out: "${identifier}" cannot be a ${kind} in an import, and one bad row cancels all of it; enter this grade by hand`,
    ),
  );
  const good = [...all].filter((each) => !bad.some(([student]) => student === each[0]));
  return { kind, of: new Map(good), notes: [...notes, ...left] };
}
