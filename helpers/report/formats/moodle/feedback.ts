/** What a student reads in Moodle beside a lab's grade. */
import { causeSentence } from '../../cause-text.ts';
import { labName, labNotes, sentencesOf } from '../../criterion-text.ts';
import { oneLine } from '../../../base/inert.ts';
import { cut, unlinked } from '../../plain.ts';
import type { LabRecord } from '../../record.ts';

const LONGEST_TEXT = 500;
const LONGEST_CAUSE = 800;
/** A spreadsheet takes 32,767 characters in a cell. */
const LONGEST = 8000;

/**
 * Plain text, a line per criterion that did not pass. Moodle reads feedback as HTML and turns addresses into links, and
 * its tables are opened in spreadsheets. So angle brackets are replaced by characters that mean nothing to either.
 *
 * @param lab As its student may see it.
 */
export function feedbackOn(lab: LabRecord): string {
  const cause = causeSentence(lab);
  const lines = [
    ...(cause === undefined ? [] : [cut(cause, LONGEST_CAUSE)]),
    ...(lab.message === undefined ? [] : [cut(lab.message, LONGEST_TEXT)]),
    ...lab.criteria.flatMap((criterion) => {
      const sentences = sentencesOf(criterion, lab, LONGEST_TEXT);
      return sentences.length === 0 ? [] : [`${criterion.title}: ${sentences.join('; ')}`];
    }),
  ];
  const notes = labNotes(lab).map((note) => cut(note, LONGEST_TEXT));
  const text = [...notes, ...(lines.length === 0 ? ['All rules passed.'] : lines)].map(oneLine).join('\n');
  return cut(harmless(text), LONGEST);
}

/** The line above a lab's feedback, where that of several labs is one text. */
export function headingOf(lab: LabRecord): string {
  return harmless(oneLine(cut(labName(lab), LONGEST_TEXT)));
}

function harmless(text: string): string {
  return unlinked(text).replaceAll('<', '‹').replaceAll('>', '›');
}
