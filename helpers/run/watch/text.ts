/** Text in a terminal's columns: measures, cuts and wraps it. Texts are made inert first. */
import { inert } from '../../report/terminal.ts';

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' });
/** Twice as wide as a letter: emoji, and the scripts of East Asia (Unicode Standard Annex 11). */
const WIDE =
  /[\p{Emoji_Presentation}\u{1100}-\u{115f}\u{2e80}-\u{a4cf}\u{ac00}-\u{d7a3}\u{f900}-\u{faff}\u{fe30}-\u{fe6f}\u{ff00}-\u{ff60}\u{ffe0}-\u{ffe6}\u{20000}-\u{3fffd}]/u;
/** Combining marks, and invisible characters. */
const INVISIBLE = /^[\p{Mark}\p{Default_Ignorable_Code_Point}]+$/u;

/** Any text as one line. */
export function oneLine(text: string): string {
  return inert(text)
    .replaceAll(/[\t\n\u2028\u2029]+/g, '  ')
    .trim();
}

/** The lines of any text, without empty ones at its beginning and end. */
export function linesOf(text: string): string[] {
  return inert(text)
    .replaceAll(/[\u2028\u2029]/g, '\n')
    .replaceAll('\t', '  ')
    .trim()
    .split('\n');
}

export function widthOf(text: string): number {
  let width = 0;
  for (const { segment } of GRAPHEMES.segment(text)) width += widthOfOne(segment);
  return width;
}

function widthOfOne(grapheme: string): number {
  if (INVISIBLE.test(grapheme)) return 0;
  return WIDE.test(grapheme) ? 2 : 1;
}

/** As much of a line as fits; `…` stands for the rest. */
export function cut(line: string, width: number): string {
  if (widthOf(line) <= width) return line;
  return width < 1 ? '' : `${beginning(line, width - 1)}…`;
}

function beginning(text: string, width: number): string {
  let taken = '';
  let used = 0;
  for (const { segment } of GRAPHEMES.segment(text)) {
    used += widthOfOne(segment);
    if (used > width) break;
    taken += segment;
  }
  return taken;
}

/** Breaks a line between words; a word that does not fit by itself is broken anywhere. */
export function wrap(line: string, width: number): string[] {
  const lines: string[] = [];
  let rest = line;
  while (widthOf(rest) > width && width > 1) {
    const most = beginning(rest, width);
    const space = rest.startsWith(' ', most.length) ? most.length : most.lastIndexOf(' ');
    const taken = space > 0 ? rest.slice(0, space) : most;
    lines.push(taken.trimEnd());
    rest = rest.slice(taken.length).trimStart();
  }
  return [...lines, rest];
}
