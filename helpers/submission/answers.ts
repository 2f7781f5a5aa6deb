/** Reads answers.yaml: a student's answers to numbered questions. The file may contain anything, so everything in it is checked. */
import { TEXT_LIMIT } from '../base/plain-file.ts';
import { parseStudentYaml, whatIsWrong } from '../base/student-yaml.ts';

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
/** A question's number as people write it: `1`, `Q1`, `Q 1`, `question 1`, `answer_01`. */
const NUMBERED = /^(?:q|question|a|answer)?[ \t._-]{0,3}0{0,2}(\d{1,3})$/i;
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
  const keys = Object.keys(mapping ?? {}).map((key) => questionCalled(key, questions));
  const given = keys.some((key) => QUESTION.test(key)) ? undefined : lineByLine(text, questions);
  const shape = `${file} must be a mapping of questions to answers, such as "q1: …", one a line`;
  if (given !== undefined) return { given, note: `${shape}. It was read line by line` };
  if (mapping === undefined) return { problem: shape };
  const entries = Object.entries(mapping).map(
    ([key, value]) => [questionCalled(key, questions), linesOf(value)] as const,
  );
  const answered = Object.fromEntries(entries.filter(([question]) => QUESTION.test(question)));
  return { given: answered, ...(entries.every(([, lines]) => lines.length === 0) && { allEmpty: true }) };
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

/** The question that a key is about; the key in lower case if that is none of these. `1` and `Question 1` are about `q1`. */
function questionCalled(key: string, questions: string[]): string {
  const name = key.trim().toLowerCase();
  if (questions.includes(name)) return name;
  const [, number] = NUMBERED.exec(name) ?? [];
  return questions.find((each) => each === `q${number}`) ?? name;
}

/** How an answer begins in a text that is no YAML: with a question's name, or else with a number alone. */
const BEGINS = [
  /^[ \t]*["']?([A-Za-z][\w-]{0,39}|[A-Za-z]{1,8}[ \t.]{1,3}\d{1,3})["']?[ \t]*(?::|：|=|[.)](?=[ \t]|$))(.*)$/,
  /^[ \t]*(\d{1,3})[ \t]*(?::|：|=|[.)](?=[ \t]|$))(.*)$/,
];

/**
 * Answers in a text that is no YAML: each begins with its question and a colon or the like, and goes on to the next one.
 *
 * @returns undefined when no line begins with a question.
 */
function lineByLine(text: string, questions: string[]): Record<string, string[]> | undefined {
  // Numbers only where no question has its name: what `ip link` prints begins with a number and a colon, too.
  return BEGINS.map((begins) => answersBeginning(begins, text, questions)).find((each) => each !== undefined);
}

function answersBeginning(begins: RegExp, text: string, questions: string[]): Record<string, string[]> | undefined {
  const given: Record<string, string[]> = {};
  let current: string[] | undefined;
  for (const line of text.split(/\r?\n/)) {
    const [, key = '', rest = ''] = begins.exec(line) ?? [];
    const question = questions.find((each) => each === questionCalled(key, questions));
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
