/** Finds the rubric of a run: the file that is named, or rubric.yaml beside a course's own topologies. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../../base/failure.ts';
import type { LabDefinition } from '../../lab/lab-definition.ts';
import { near } from '../../base/near.ts';
import { parseHandedIn } from './handed-in.ts';
import { parseRubric } from './parse.ts';
import { catalogueRubric, type Rubric } from './rubric.ts';
import { RUBRIC_FILES } from '../../lab/lab-definition.ts';

/** Hexadecimal digits of a file's SHA-256 that are written down. */
const DIGITS = 12;

export interface RubricPlace {
  /** The file that was named. */
  rubric?: string;
  /** The course's folders. */
  ownLabs: string[];
  /** The folder that students write to: a rubric in it is refused. */
  submissions: string;
}

/**
 * @returns the catalogue's own points when there is no rubric.
 * @throws {UsageError} when there are several, or something is wrong with it.
 */
export function loadRubric(place: RubricPlace, catalogue: Map<string, LabDefinition>): Rubric {
  const file = place.rubric ?? rubricIn(place.ownLabs);
  if (file === undefined) return catalogueRubric(catalogue.values());
  const text = read(file, 'rubric', place);
  const { rubric, handedIn } = parseRubric(text.toString('utf8'), shown(file), catalogue);
  const stamp = { file: path.basename(file), sha256: digest(text) };
  if (handedIn === undefined) return { ...rubric, stamp };
  const listFile = path.resolve(path.dirname(file), handedIn);
  const list = read(listFile, 'list of when work was handed in', place);
  return {
    ...rubric,
    handedIn: parseHandedIn(list.toString('utf8'), shown(listFile), [...catalogue.keys()]),
    stamp: { ...stamp, handedIn: { file: path.basename(listFile), sha256: digest(list) } },
  };
}

/** Warnings about names in the rubric that are not students, and about students without a time of handing in. */
export function remarksOn({ extensions, handedIn, labs }: Rubric, students: string[]): string[] {
  const strangers = [...extensions.keys()].filter((student) => !students.includes(student));
  const unlisted = students.filter((student) => !handedIn.has(student));
  return [
    ...strangers.map((student) => {
      const likely = near(student, students);
      return `the rubric gives an extension to "${student}", who is not among the students${likely.length > 0 ? `: is it ${likely.join(' or ')}?` : ''}`;
    }),
    ...([...labs.values()].some(({ late }) => late) && unlisted.length > 0
      ? [
          `the list of when work was handed in does not have ${shortList(unlisted)}; nothing is taken off for being late there`,
        ]
      : []),
  ];
}

function rubricIn(folders: string[]): string | undefined {
  const found = folders
    .flatMap((folder) => RUBRIC_FILES.map((name) => path.join(folder, name)))
    .filter((file) => existsSync(file));
  if (found.length > 1)
    throw new UsageError(
      `there are ${found.length} rubrics: ${found.map(shown).join(' and ')}; name one with --rubric FILE`,
    );
  return found[0];
}

function read(file: string, what: string, { submissions }: RubricPlace): Buffer {
  let real: string;
  let content: Buffer;
  try {
    real = realpathSync(file);
    content = readFileSync(real);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new UsageError(
      code === 'ENOENT'
        ? `there is no ${what} ${shown(file)}`
        : `the ${what} ${shown(file)} cannot be read (${code ?? ''})`,
    );
  }
  const inside = existsSync(submissions) && !path.relative(realpathSync(submissions), real).startsWith('..');
  if (inside)
    throw new UsageError(
      `the ${what} ${shown(file)} lies among the submissions, where students write: keep it elsewhere`,
    );
  return content;
}

function shown(file: string): string {
  return path.relative(process.cwd(), file) || file;
}

function digest(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex').slice(0, DIGITS);
}

function shortList(names: string[]): string {
  const most = 5;
  return names.length <= most ? names.join(', ') : `${names.slice(0, most).join(', ')} and ${names.length - most} more`;
}
