/** Settles which labs each student has handed in. What is not sure is asked: nobody's lab is missing because of a folder's name. */
import { UsageError } from '../../base/failure.ts';
import { byName } from '../../base/similar-name.ts';
import { oneLine, shellWord } from '../../base/inert.ts';
import type { Student, Wanted } from '../find.ts';
import type { Found } from './class.ts';
import { some, type Person } from './download.ts';
import { isNearly, labsIn, NO_LAB, type LabsIn } from './labs-in.ts';

/** How many folders are asked about in one message. */
const MOST_ASKED = 10;

export interface Asked extends Wanted {
  /** What folders of other names are: `--folder NAME=LAB`. */
  called: ReadonlyMap<string, string>;
}

interface Class {
  people: Person[];
  /** Whether a download of the platform is of one lab. */
  isOfOneLab: boolean;
  /** The lab, if the download says it. */
  lab?: string;
}

type Settled = Person & { found: LabsIn };

/**
 * @param root Where all this is, for messages.
 * @param said What was recognised.
 * @throws {UsageError} when nobody has handed anything in, or it is not sure which lab a folder is.
 */
export function settled({ people, isOfOneLab, lab }: Class, asked: Asked, root: string, said: string[]): Found {
  const [first = lab, ...others] = asked.labs;
  const only = others.length === 0 ? first : undefined;
  const isNamed = asked.students.length > 0 || asked.student !== undefined;
  const names = { ...asked, ...(only !== undefined && { only }) };
  // What is said to be no lab is no student's folder either, where students' folders are.
  const isSomebody = ({ name }: Person): boolean => isNamed || asked.called.get(name) !== NO_LAB;
  const all = people
    .filter(isSomebody)
    .map((person): Settled => ({ ...person, found: labsIn(person.files, names, isOfOneLab) }))
    .filter(({ found }) => !found.isNothing || isNamed);
  if (!isNamed) all.sort((a, b) => byName(a.name, b.name));
  const labs = asked.labs.length > 0 ? asked.labs : asked.knownLabs;
  refuseUnsure(all, labs, said);
  const hasAny = all.some(({ found }) => labs.some((each) => found.labs.has(each)));
  if (!hasAny && (only === undefined || !isNamed)) throw nobody(all, labs, only, root, said);
  return { students: all.map(studentOf), said: [...said, ...takenFor(all, only)] };
}

function studentOf({ name, submitter, found: { labs, unknown } }: Settled): Student {
  return { name, labs, unknown, ...(submitter !== undefined && { submitter }) };
}

/** @param labs Those that may be handed in. */
function refuseUnsure(all: Settled[], labs: string[], said: string[]): void {
  const unsure = all.flatMap(({ name: student, found }) =>
    found.unsure.flatMap((folder) => {
      const likely = labs.filter((lab) => !found.labs.has(lab) && isNearly(folder, lab));
      return likely.length > 0 || (found.labs.size === 0 && !found.mayBeOne) ? [{ folder, student, likely }] : [];
    }),
  );
  if (unsure.length === 0) return;
  const lines = [...Map.groupBy(unsure, ({ folder }) => folder)].map(([folder, whose]) => {
    const likely = [...new Set(whose.flatMap((each) => each.likely))];
    const meant = likely.length === 0 ? '' : `; did you mean ${likely.slice(0, 3).join(' or ')}?`;
    return `  "${oneLine(folder)}" (${some(whose.map(({ student }) => student))})${meant}`;
  });
  const [{ folder, likely }] = unsure as [(typeof unsure)[number]];
  const example = `--folder ${shellWord(oneLine(folder))}=${likely[0] ?? 'LAB'}`;
  throw new UsageError(
    [
      `${prefixed(said)}these are not the names of labs, so whose lab is missing is not known:`,
      ...lines.slice(0, MOST_ASKED),
      ...(lines.length > MOST_ASKED ? [`  … and ${lines.length - MOST_ASKED} more`] : []),
      `Rename them, or say what each is: ${example}, or --folder ${shellWord(oneLine(folder))}=${NO_LAB} if it is no lab. If everybody ` +
        `has handed in the same lab, --lab LAB is enough. The labs are ${labs.join(', ')}`,
    ].join('\n'),
  );
}

function nobody(all: Settled[], labs: string[], only: string | undefined, root: string, said: string[]): UsageError {
  const what = `${prefixed(said)}${root} has no folder that is called as a lab`;
  const whose = all.length === 0 ? '' : ` (looked into ${some(all.map(({ name }) => name))})`;
  if (only === undefined)
    return new UsageError(`${what}${whose}: say for which lab it is with --lab (one of ${labs.join(', ')})`);
  return new UsageError(
    `${prefixed(said)}nobody has handed in ${only}${whose}: nothing is graded, so that nobody gets 0 points by mistake. ` +
      `If it is in a folder of another name, say so: --folder NAME=${only}`,
  );
}

function takenFor(all: Settled[], only: string | undefined): string[] {
  const taken = all.flatMap(({ found }) => found.taken ?? []);
  if (taken.length === 0 || only === undefined) return [];
  const counted = [...Map.groupBy(taken, (name) => name)].map(([name, each]) => `${name} (${each.length})`);
  return [`taken for ${only}, with the number of students: ${some(counted)}`];
}

function prefixed(said: string[]): string {
  return said.map((each) => `${each}; `).join('');
}
