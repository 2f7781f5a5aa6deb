/**
 * course.yaml: what a course decides once, in place of typing it each time. It has the options of the command line, by their
 * names, and the keys of a rubric. What is typed wins. Mistakes are collected, and told when the rubric is loaded, because
 * only then it is known which labs there are.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Node } from 'yaml';
import { UsageError, reasonOf } from '../../base/failure.ts';
import { Mistakes, YamlFile } from '../../base/yaml-file.ts';
import { COUNTING_ATTEMPT, type CountingAttempt } from '../attempts.ts';
import { RUBRIC_KEYS, type RubricSource } from '../rubric/parse.ts';
import { keysOf, nameIn, type Keys, type Told } from '../rubric/told.ts';

/** Hexadecimal digits of the file's SHA-256 that are written down. */
const DIGITS = 12;

/** An option that may stand in the file. */
export interface CourseOption {
  type: 'string' | 'boolean';
  multiple?: boolean;
  /** Its value names a file or a folder, relative to the course file. */
  isPath?: boolean;
  /** The file or folder has to be there. */
  isRead?: boolean;
  /** The option's own check of a value. @throws {UsageError} */
  check?: (text: string) => unknown;
}

export type OptionValue = string | boolean | string[];

export interface Course {
  /** With its folder. */
  file: string;
  sha256: string;
  /** Options by their names on the command line. */
  values: Record<string, OptionValue>;
  /** What of it is a rubric's. */
  source: RubricSource;
  groups: Map<string, string[]>;
  attempts?: CountingAttempt;
  /** The labs that count, each with its place in the file. */
  labs?: [string, Told][];
  /** What folders of other names are, each with its place in the file. */
  folders: [string, Told][];
  mistakes: Mistakes;
}

/** Names in the file of options that are called otherwise on the command line, where `labs` means topologies. */
const OWN_NAMES: Record<string, string> = { topologies: 'labs' };

/** @throws {UsageError} when it cannot be read, or is not YAML. */
export function readCourse(file: string, options: Record<string, CourseOption>): Course {
  let content: Buffer;
  try {
    content = readFileSync(file);
  } catch (error) {
    throw new UsageError(`the course file ${shown(file)} cannot be read: ${reasonOf(error)}`);
  }
  const sha256 = createHash('sha256').update(content).digest('hex').slice(0, DIGITS);
  return { file, sha256, ...parseCourse(content.toString('utf8'), file, options) };
}

/** @param options By the name that they have in the file. */
export function parseCourse(
  text: string,
  file: string,
  options: Record<string, CourseOption>,
): Omit<Course, 'file' | 'sha256'> {
  const mistakes = new Mistakes();
  const yaml = new YamlFile(text, shown(file));
  const known = [...new Set([...RUBRIC_KEYS, 'groups', 'attempts', 'folders', ...Object.keys(options)])];
  // A file in which every line is a comment says nothing.
  const keys: Keys =
    yaml.root === null ? (new Map() as Keys) : keysOf({ yaml, node: yaml.root }, 'a course', mistakes, known);
  const values: Course['values'] = {};
  for (const [name, told] of keys) {
    const option = options[name];
    const value = option && mistakes.attempt(() => valueOf(name, told, option, path.dirname(file)), undefined);
    if (value !== undefined) values[OWN_NAMES[name] ?? name] = value;
  }
  const labs = keys.get('labs');
  const counting = labs && mistakes.attempt(() => labsOf(labs), undefined);
  if (counting !== undefined) values['lab'] = counting.map(([name]) => name);
  const called = keys.get('folders');
  const folders = called === undefined ? [] : mistakes.attempt(() => foldersOf(called, mistakes), []);
  if (folders.length > 0) values['folder'] = folders.map(([name, { node }]) => `${name}=${yaml.text(node, name)}`);
  const tried = keys.get('attempts');
  const attempts = tried && mistakes.attempt(() => yaml.oneOf(tried.node, 'attempts', COUNTING_ATTEMPT), undefined);
  const groups = keys.get('groups');
  return {
    values,
    source: { yaml, keys: rubricKeys(keys) },
    groups:
      groups === undefined
        ? new Map<string, string[]>()
        : mistakes.attempt(() => groupsOf(groups, mistakes), new Map<string, string[]>()),
    folders,
    ...(counting === undefined ? {} : { labs: counting }),
    ...(attempts === undefined ? {} : { attempts }),
    mistakes,
  };
}

/** A list of labs says only that they count; a mapping also says what a rubric says of them. */
function rubricKeys(keys: Keys): Keys {
  return new Map(
    [...keys].filter(
      ([name, { yaml, node }]) => RUBRIC_KEYS.includes(name) && (name !== 'labs' || yaml.isMapping(node)),
    ),
  );
}

function labsOf(told: Told): [string, Told][] {
  const { yaml, node } = told;
  if (yaml.isMapping(node)) return [...keysOf(told, 'labs', new Mistakes())];
  return yaml.list(node, 'labs').map((each) => [yaml.text(each, 'a lab'), { yaml, node: each }]);
}

function groupsOf(told: Told, mistakes: Mistakes): Course['groups'] {
  const { yaml } = told;
  const taken = new Map<string, string>();
  return new Map(
    [...keysOf(told, 'groups', mistakes)].map(([group, { node }]) => {
      const read = (): string[] =>
        yaml.list(node, `the group ${group}`).flatMap((each) => {
          const member = mistakes.attempt(() => nameIn(yaml, each, `a member of ${group}`), undefined);
          if (member === undefined) return [];
          const other = taken.get(member);
          taken.set(member, group);
          if (other === undefined) return [member];
          mistakes.attempt(
            () => yaml.refuse(each, `${member} is in ${other}, too: a student is in one group`),
            undefined,
          );
          return [];
        });
      return [group, mistakes.attempt(read, [])];
    }),
  );
}

/** As `--folder` takes them. */
function foldersOf(told: Told, mistakes: Mistakes): [string, Told][] {
  const { yaml } = told;
  return [...keysOf(told, 'folders', mistakes)].filter(([, { node }]) =>
    mistakes.attempt(() => yaml.text(node, 'what a folder is') !== '', false),
  );
}

function valueOf(name: string, { yaml, node }: Told, option: CourseOption, folder: string): OptionValue {
  if (option.type === 'boolean') {
    const value = yaml.scalar(node);
    return typeof value === 'boolean' ? value : yaml.refuse(node, `${name} must be true or false`);
  }
  const whole = (yaml.isList(node) ? yaml.list(node, name) : [node]).map((each) => {
    const text = textIn(yaml, name, each, option);
    if (option.isPath !== true) return text;
    const file = path.resolve(folder, text);
    if (option.isRead === true && !existsSync(file)) yaml.refuse(each, `${name}: there is no ${shown(file)}`);
    return file;
  });
  if (option.multiple === true) return whole;
  // Lists of words are written with commas on the command line.
  return whole.join(',');
}

function textIn(yaml: YamlFile, name: string, node: Node, { check }: CourseOption): string {
  const value = yaml.scalar(node);
  const text = typeof value === 'number' ? yaml.written(node) : yaml.text(node, name);
  try {
    check?.(text);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    yaml.refuse(node, error.message);
  }
  return text;
}

function shown(file: string): string {
  return path.relative(process.cwd(), file) || file;
}
