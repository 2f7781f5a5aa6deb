/** Finds the course file and the overrides of a command, and puts the course's options under those that were typed. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../base/failure.ts';
import { inert } from '../base/inert.ts';
import { say } from '../machine/setup/say.ts';
import { COURSE_FILES, OVERRIDES_FILES } from '../lab/lab-definition.ts';
import { readCourse, type Course, type CourseOption, type OptionValue } from '../report/course/course.ts';

/** Options that name a file or a folder. Addresses of machines are none. */
const READ = ['topologies', 'rubric', 'overrides', 'roster'];
const PATHS = [...READ, 'submissions', 'out'];
/** What cannot stand in the file, or not so: whom and what one command is about; `labs` says which labs count, `folders` is a mapping. */
const ONLY_TYPED = ['help', 'course', 'lab', 'labs', 'folder'];

type Options = Record<string, { type: 'string' | 'boolean'; multiple?: boolean }>;
type Checks = Record<string, (text: string) => unknown>;

export interface CourseFiles {
  course?: Course;
  /** overrides.yaml, if there is one. */
  overrides?: string;
  /** Those of these files that nobody named: they lie beside the folder of submissions. */
  found: string[];
}

/**
 * @param typed What was typed.
 * @param options All options of the command, as parseArgs takes them.
 * @param checks The checks of single options' values, by name.
 * @returns the options with what the course says, and the course's files.
 */
export function withCourse<V extends Partial<Record<string, unknown>>>(
  typed: V,
  options: Options,
  checks: Checks,
): { values: V } & CourseFiles {
  const besideOf = (names: string[]): string | undefined => {
    const file = first(path.dirname(path.resolve(textOf(typed['submissions']) ?? 'submissions')), names);
    if (file === undefined || typed['student'] === undefined) return file;
    // What lies beside one student's work may be that student's, too: part of the same repository.
    say(
      `${shown(file)} is not read, because --student says that this is one student’s work; to use it, say ${optionOf(file)} FILE`,
    );
    return undefined;
  };
  const file = textOf(typed['course']) ?? besideOf(COURSE_FILES);
  const course = file === undefined ? undefined : readCourse(path.resolve(file), courseOptions(options, checks));
  const folder = [course?.values, typed].flatMap((each) => (each?.['folder'] as string[] | undefined) ?? []);
  const values = { ...course?.values, ...typed, ...(folder.length > 0 && { folder }) } as V &
    Record<string, OptionValue>;
  const overrides =
    textOf(values['overrides']) ??
    (course === undefined ? besideOf(OVERRIDES_FILES) : first(path.dirname(course.file), OVERRIDES_FILES));
  const isNamed = typed['course'] !== undefined;
  return {
    values,
    found: [
      ...(course === undefined || isNamed ? [] : [course.file]),
      ...(overrides === undefined || isNamed || values['overrides'] !== undefined ? [] : [overrides]),
    ],
    ...(course === undefined ? {} : { course }),
    ...(overrides === undefined ? {} : { overrides: path.resolve(overrides) }),
  };
}

/**
 * @throws {UsageError} when there are files that nobody named, beside the work of one student: a student who has written them
 * would decide about points.
 */
export function refuseFound({ found }: CourseFiles): void {
  const [file] = found;
  if (file === undefined) return;
  throw new UsageError(
    `${shown(file)} lies beside one student’s work, where the student may have written it: if it is the course’s, say ${optionOf(file)} FILE; otherwise move it away`,
  );
}

/** The options that may stand in a course file, by their names there. */
export function courseOptions(options: Options, checks: Checks): Record<string, CourseOption> {
  const topologies: Options[string] = { type: 'string', multiple: true };
  const named = Object.entries<Options[string]>({ ...options, topologies });
  return Object.fromEntries(
    named
      .filter(([name]) => !ONLY_TYPED.includes(name))
      .map(([name, { type, multiple = false }]): [string, CourseOption] => [
        name,
        {
          type,
          multiple,
          isPath: PATHS.includes(name),
          isRead: READ.includes(name),
          ...(checks[name] && { check: checks[name] }),
        },
      ]),
  );
}

/** The option that names such a file. */
function optionOf(file: string): string {
  return OVERRIDES_FILES.includes(path.basename(file)) ? '--overrides' : '--course';
}

function shown(file: string): string {
  return inert(path.relative(process.cwd(), file) || file);
}

function first(folder: string, names: string[]): string | undefined {
  return names.map((name) => path.join(folder, name)).find((file) => existsSync(file));
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
