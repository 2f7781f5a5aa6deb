/** Reads answers.yaml: a student's answers to numbered questions. The file may contain anything, so everything in it is checked. */
import { TEXT_LIMIT } from '../base/plain-file.ts';
import { parseStudentYaml } from '../base/student-yaml.ts';

/** The file in which students answer. */
export const ANSWERS = 'answers.yaml';
/** Its names, in lower case; they are matched without regard to case. */
export const ANSWER_FILES = [ANSWERS, 'answers.yml'];

/**
 * The answers, or why there are none. `allEmpty`: nothing is answered in the whole file, see also `troubleWith`. `note` says to
 * the student that they were not read literally.
 */
export type Answers = { given: Record<string, string[]>; allEmpty?: true; note?: string } | { problem: string };

/** A value that YAML can hold; undefined is an empty document. */
type Yaml = string | number | bigint | boolean | null | undefined | Yaml[] | { [key: string]: Yaml };

const QUESTION = /^[a-z][a-z0-9_-]{0,39}$/;
const MOST_LEAVES = 200;
const DEEPEST = 5;

/**
 * Why answers cannot be judged one by one. A file in which no question is answered yet is one trouble, and not one for
 * each question.
 *
 * @param file The answers' name, for the student.
 * @returns undefined when there is an answer to something.
 */
export function troubleWith(answers: Answers, file: string): string | undefined {
  if ('problem' in answers) return answers.problem;
  return answers.allEmpty === true ? empty(file) : undefined;
}

function empty(file: string): string {
  return `${file} is empty: write an answer after each question's colon`;
}

/** @param file The answers' name, for the student. */
export function tooLong(file: string): { problem: string } {
  return { problem: `${file} is longer than ${TEXT_LIMIT / 1024} KiB` };
}

/**
 * Reads answers: a mapping from question to answer. An answer may be one value, a list or a mapping; it is flattened
 * to lines of text, one for each value, with its key before it if it has one. What is no YAML, e.g. because of a colon in an
 * answer, is read line by line.
 *
 * @param file The file's name, for messages to the student.
 * @param questions The lab's. Where they are not known, only YAML is read.
 */
export function parseAnswers(text: string | undefined, file: string, questions: string[] = []): Answers {
  if (text === undefined) return { problem: `there is no ${file}` };
  if (Buffer.byteLength(text) >= TEXT_LIMIT) return tooLong(file);
  let content: Yaml;
  try {
    content = parseStudentYaml(text) as Yaml;
  } catch (error) {
    const given = lineByLine(text, questions);
    const why = `${file} is not valid YAML: ${whatIsWrong(error)}`;
    if (given === undefined) return { problem: `${why} (an answer with signs like : or @ in it needs quotes)` };
    return { given, note: `${why}. It was read line by line; an answer with signs like : or @ in it needs quotes` };
  }
  // Nothing, or nothing but comments.
  if (content === null || content === undefined) return { problem: empty(file) };
  const mapping = mappingIn(content);
  if (mapping === undefined)
    return { problem: `${file} must be a mapping of questions to answers, such as "q1: …", one a line` };
  const entries = Object.entries(mapping).map(([key, value]) => [key.trim().toLowerCase(), linesOf(value)] as const);
  const given = Object.fromEntries(entries.filter(([question]) => QUESTION.test(question)));
  return entries.every(([, lines]) => lines.length === 0) ? { given, allEmpty: true } : { given };
}

/** The mapping from questions to answers; also of a list of such mappings (`- q1: …`), and of one below a key `answers`. */
function mappingIn(content: Yaml, depth = 0): { [key: string]: Yaml } | undefined {
  if (typeof content !== 'object' || content === null || depth > DEEPEST) return undefined;
  if (Array.isArray(content)) {
    const mappings = content.map((each) => (Array.isArray(each) ? undefined : mappingIn(each, depth + 1)));
    if (mappings.length === 0 || mappings.includes(undefined)) return undefined;
    return Object.fromEntries(mappings.flatMap((each) => Object.entries(each ?? {})));
  }
  const [[key, inner] = ['', undefined], ...others] = Object.entries(content);
  const isAround = others.length === 0 && key.toLowerCase() === 'answers';
  return (isAround ? mappingIn(inner, depth + 1) : undefined) ?? content;
}

/**
 * Answers in a text that is no YAML: each begins with its question and a colon, and goes on to the next one.
 *
 * @returns undefined when no line begins with a question.
 */
function lineByLine(text: string, questions: string[]): Record<string, string[]> | undefined {
  const given: Record<string, string[]> = {};
  let current: string[] | undefined;
  for (const line of text.split(/\r?\n/)) {
    const [, key = '', rest = ''] = /^[ \t]*["']?([A-Za-z][\w-]{0,39})["']?[ \t]*:(.*)$/.exec(line) ?? [];
    const question = questions.find((each) => each === key.toLowerCase());
    if (question !== undefined) given[question] = current = [];
    if (line.trimStart().startsWith('#') || (current?.length ?? 0) >= MOST_LEAVES) continue;
    const said = bareText(question === undefined ? line : rest);
    if (said !== '') current?.push(said);
  }
  return Object.keys(given).length > 0 ? given : undefined;
}

/** A line of an answer without what it would be written with in YAML: quotes, brackets, the sign of a list or a text. */
function bareText(line: string): string {
  const text = line.trim().replace(/^- +/, '');
  if (/^[|>][+-]?$/.test(text)) return '';
  return /^(?:"[^"]*"|'[^']*'|\[[^[\]]*\])$/.test(text) ? text.slice(1, -1) : text;
}

/** The first line of the parser's message: it says what is wrong, and where. The rest is an excerpt of the file. */
function whatIsWrong(error: unknown): string {
  const [first = ''] = (error as Error).message.split('\n');
  return first.replace(/:$/, '');
}

function linesOf(value: Yaml): string[] {
  const lines: string[] = [];
  const visit = (part: Yaml, label: string, depth: number): void => {
    // A YAML alias may contain itself, so the depth is limited.
    if (lines.length >= MOST_LEAVES || depth > DEEPEST || part === null || part === undefined) return;
    if (typeof part !== 'object') {
      lines.push(`${label}${String(part)}`.trim());
      return;
    }
    for (const [key, each] of Object.entries(part)) visit(each, Array.isArray(part) ? label : `${key}: `, depth + 1);
  };
  visit(value, '', 0);
  return lines.filter((line) => line !== '');
}
