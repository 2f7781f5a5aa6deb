/**
 * Finds the rubric of a run: the file that is named, or rubric.yaml beside a course's own topologies; and what course.yaml and
 * overrides.yaml say.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../../base/failure.ts';
import type { LabDefinition } from '../../lab/lab-definition.ts';
import { near } from '../../base/near.ts';
import { Mistakes, type YamlFile } from '../../base/yaml-file.ts';
import { NO_LAB } from '../../submission/platforms/labs-in.ts';
import { parseHandedIn } from './handed-in.ts';
import type { RubricStamp } from '../record.ts';
import type { Course } from '../course/course.ts';
import { parseOverrides } from './overrides.ts';
import { check, rubricIn as keysIn, rubricOf } from './parse.ts';
import { groupOf, type Rubric } from './rubric.ts';
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
  course?: Course;
  /** The file overrides.yaml. */
  overrides?: string;
}

/**
 * @returns the catalogue's own points when there is no rubric and no course.
 * @throws {UsageError} when there are several, or something is wrong with it.
 */
export function loadRubric(place: RubricPlace, catalogue: Map<string, LabDefinition>): Rubric {
  const { course } = place;
  const mistakes = course?.mistakes ?? new Mistakes();
  if (course !== undefined) read(course.file, 'course file', place);
  const file = place.rubric ?? rubricIn(place.ownLabs);
  const text = file === undefined ? undefined : read(file, 'rubric', place);
  const own =
    file === undefined
      ? []
      : [mistakes.attempt(() => keysIn(text!.toString('utf8'), shown(file), mistakes), undefined)];
  const ofCourse = course === undefined ? [] : [course.source];
  // What was typed wins over the course file, and this one over the rubric that it names.
  const isTyped = place.rubric !== undefined && place.rubric !== course?.values['rubric'];
  const sources = (isTyped ? [...ofCourse, ...own] : [...own, ...ofCourse]).filter((each) => each !== undefined);
  const { rubric, handedIn } = rubricOf(sources, catalogue, mistakes);
  for (const [name, told] of course?.labs ?? [])
    if (!told.yaml.isMapping(told.node) && told.key === undefined)
      mistakes.attempt(() => {
        check(told, name, [...catalogue.keys()], 'lab');
      }, undefined);
  for (const [, { yaml, node }] of course?.folders ?? [])
    mistakes.attempt(() => {
      check({ yaml, node }, yaml.text(node, 'a lab'), [...catalogue.keys(), NO_LAB], 'lab');
    }, undefined);
  mistakes.tell();
  const whole = { ...rubric, ...ofPeople(course), ...stampOf(file, text, course) };
  const scored = handedIn === undefined ? whole : withTimes(whole, handedIn, place, catalogue, file);
  if (place.overrides === undefined) return scored;
  const list = read(place.overrides, 'list of overrides', place).toString('utf8');
  return { ...scored, overrides: parseOverrides(list, shown(place.overrides), catalogue, scored) };
}

function ofPeople(course: Course | undefined): Partial<Rubric> {
  if (course === undefined) return {};
  const { groups, attempts } = course;
  return { groups, ...(attempts && { attempts }), ...(course.labs && { counting: course.labs.map(([name]) => name) }) };
}

function stampOf(
  file: string | undefined,
  text: Buffer | undefined,
  course: Course | undefined,
): { stamp?: RubricStamp } {
  const ofCourse = course && { file: path.basename(course.file), sha256: course.sha256 };
  if (file === undefined) return ofCourse === undefined ? {} : { stamp: ofCourse };
  const stamp = { file: path.basename(file), sha256: digest(text!) };
  return { stamp: ofCourse === undefined ? stamp : { ...stamp, course: ofCourse } };
}

/** @param handedIn The list's name, relative to the file that names it. */
function withTimes(
  rubric: Rubric,
  handedIn: { file: string; by: YamlFile },
  place: RubricPlace,
  catalogue: Map<string, LabDefinition>,
  file: string | undefined,
): Rubric {
  const by = handedIn.by === place.course?.source.yaml ? place.course.file : file!;
  const listFile = path.resolve(path.dirname(by), handedIn.file);
  const list = read(listFile, 'list of when work was handed in', place);
  return {
    ...rubric,
    handedIn: parseHandedIn(list.toString('utf8'), shown(listFile), [...catalogue.keys()]),
    ...(rubric.stamp && {
      stamp: { ...rubric.stamp, handedIn: { file: path.basename(listFile), sha256: digest(list) } },
    }),
  };
}

/**
 * Warnings about names in the rubric that are not students, about students without a time of handing in, and about who is in no
 * group.
 *
 * @param students Of groups, all members.
 */
export function remarksOn(rubric: Rubric, students: string[]): string[] {
  const { extensions, groups, labs } = rubric;
  const strangers = [...extensions.keys()].filter((student) => !students.includes(student) && !groups.has(student));
  const alone = groups.size === 0 ? [] : students.filter((student) => groupOf(rubric, student) === undefined);
  const unlisted = students.filter((student) => !isListed(rubric, student));
  return [
    ...strangers.map((student) => {
      const likely = near(student, students);
      return `the rubric gives an extension to "${student}", who is not among the students${likely.length > 0 ? `: is it ${likely.join(' or ')}?` : ''}`;
    }),
    ...(alone.length > 0 ? [`in no group of the course file, and graded alone: ${shortList(alone)}`] : []),
    ...([...labs.values()].some(({ late }) => late) && unlisted.length > 0
      ? [
          `the list of when work was handed in does not have ${shortList(unlisted)}; nothing is taken off for being late there`,
        ]
      : []),
  ];
}

/** A group's time is one of each of its members. */
function isListed(rubric: Rubric, student: string): boolean {
  const group = groupOf(rubric, student);
  const names = group === undefined ? [student] : [group, ...rubric.groups.get(group)!];
  return names.some((name) => rubric.handedIn.has(name));
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
