/** What a student's files in the reports folder are called, and how a page links to one. */
import { createHash } from 'node:crypto';

/** Names of files that belong to the whole run or to a format: a student called "summary" must not overwrite one. */
const TAKEN = [
  'summary.json',
  'ctrf.json',
  'release-body.md',
  'result.json',
  'results.json',
  'github-result.json',
  'github-summary.md',
  'index.html',
];
/** Put before such a name. A name that begins with it already gets it once more, so that names stay distinct. */
const PREFIX = 'student-';
const ANY_PREFIX = /^(student-)+/;

/**
 * File systems allow 255 bytes; the rest is for the ending, and for the longer ending of a file that is being written.
 */
const LONGEST_BYTES = 180;
/**
 * Not allowed in a file's name: separators, control characters, characters that reorder text, half characters, a
 * leading dot.
 */
const UNFIT = /[/\\:\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]|^\./gu;
const DIGEST_DIGITS = 10;

/**
 * @param ending `json`, `md`, …
 * @returns the student's own name if a file can have it; otherwise what can be used of it, and a digest, so that no two
 *   students share a file.
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

/** Where an attempt is kept that does not count. */
export function attemptFile(student: string, lab: string, startedAt: string): string {
  return `attempts/${stemOf(student)}/${lab}/${startedAt.replaceAll(':', '-')}.json`;
}

/** Whether a file in the reports folder belongs to the run, not to one student. */
export function isOfARun(file: string): boolean {
  return TAKEN.includes(file);
}

/** A relative URL; special characters of the file's name are escaped. */
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
