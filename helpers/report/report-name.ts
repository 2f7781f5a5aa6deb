/** What a student's files in the reports folder are called, and how a page links to one. */
import { createHash } from 'node:crypto';

/** Files of whole runs, or of formats: a student called "summary" must not overwrite the summary. */
const TAKEN = ['summary.json', 'result.json', 'results.json', 'github-result.json', 'github-summary.md', 'index.html'];
/** Before the name of whoever is called like one of them, or like somebody whose name got this. */
const PREFIX = 'student-';
const ANY_PREFIX = /^(student-)+/;

/** Of 255 that a file system takes: there has to be room for an ending, and for that of a file being written. */
const LONGEST_BYTES = 180;
/** Not in a file's name: separators, control characters, what reorders text, halves of characters, a dot in front. */
const UNFIT = /[/\\:\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]|^\./gu;
const DIGEST_DIGITS = 10;

/**
 * @param ending `json`, `md`, …
 * @returns The student's own name where it can be one; otherwise what is left of it and a digest, so that no two share
 *   a file.
 */
export function studentFile(student: string, ending: string): string {
  const file = `${stemOf(student)}.${ending}`;
  const bare = file.toLowerCase().replace(ANY_PREFIX, '');
  return TAKEN.includes(bare) ? `${PREFIX}${file}` : file;
}

/** Where the survey of a student's lab is kept, in the reports folder; see survey/survey-file.ts. */
export function surveyFile(student: string, lab: string): string {
  return `surveys/${stemOf(student)}/${lab}.json.gz`;
}

/** Whether a file in the reports folder is nobody's own. */
export function isOfARun(file: string): boolean {
  return TAKEN.includes(file);
}

/** A relative address that stays one, whatever the file is called. */
export function linkTo(file: string, anchor?: string): string {
  return `./${encodeURIComponent(file)}${anchor === undefined ? '' : `#${encodeURIComponent(anchor)}`}`;
}

function stemOf(student: string): string {
  const fit = student.replace(UNFIT, '_');
  if (fit === student && Buffer.byteLength(fit) <= LONGEST_BYTES && fit !== '') return student;
  const digest = createHash('sha256').update(Buffer.from(student, 'utf16le')).digest('hex').slice(0, DIGEST_DIGITS);
  return `${shortened(fit)}-${digest}`;
}

/** As many whole characters as there is room for. */
function shortened(text: string): string {
  let bytes = 0;
  return Array.from(text)
    .filter((character) => {
      bytes += Buffer.byteLength(character);
      return bytes <= LONGEST_BYTES - DIGEST_DIGITS - 1;
    })
    .join('');
}
