/** The state as lines of a terminal. Pure text: no line is longer or lower than the terminal, colours only when asked for. */
import { MARKS, paint, type Style } from '../report/terminal.ts';
import { firstTrouble, scoreOf, type Change, type LabState, type RuleState, type WatchState } from './state.ts';
import { cut, linesOf, oneLine, widthOf, wrap } from './text.ts';

export interface ScreenSize {
  /** Columns. */
  width: number;
  /** Lines. */
  height: number;
  colours: boolean;
}

/** Where nothing limits it: a file, a pipe. */
export const ENDLESS: ScreenSize = { width: Infinity, height: Infinity, colours: false };

/** Lines of the output that a command shows. */
const MOST_OUTPUT = 6;
/** What was seen of a rule that fails gets no less than this, however many rules there are. */
const LEAST_DETAIL = 5;
const LABEL = 11;
const LEAVE = 'Ctrl-C leaves';

/** The whole screen; it has fewer lines than the terminal, so that nothing scrolls. */
export function screenLines(state: WatchState, size: ScreenSize): string[] {
  const footer = footerLine(state, size);
  const trouble = firstTrouble(state);
  const detail = state.trouble === undefined ? detailLines(trouble, size) : wordsOf('trouble', state.trouble, size);
  const room = size.height - 1 - 1; // the cursor's own line, and the footer
  const rules = state.labs.flatMap((lab) => labLines(lab, size));
  const roomForRules = Math.max(room - Math.min(detail.length, LEAST_DETAIL) - gaps(detail), 1);
  const shownRules = rules.length <= roomForRules ? rules : folded(rules, roomForRules);
  const shownDetail = fitted(detail, room - shownRules.length - gaps(detail));
  const all = [
    ...shownRules.map(({ text }) => text),
    ...(shownDetail.length > 0 ? ['', ...shownDetail] : []),
    '',
    footer,
  ];
  return all.slice(-Math.max(size.height - 1, 1));
}

/** A change as a line of a log. @param at When it was seen. @param withLab Whether several labs are watched. */
export function changeLine({ lab, rule }: Change, at: Date, withLab: boolean): string {
  const { status, id, actual, title } = rule;
  const mark = status === 'unknown' ? '…' : MARKS[status][0];
  const seen = status === 'passed' ? title : (linesOf(actual)[0] ?? '');
  return `${timeOf(at)} ${mark} ${withLab ? `${lab} ` : ''}${id}  ${oneLine(seen)}`;
}

/** Something about the watching itself as a line of a log. */
export function noteLine(text: string, at: Date): string {
  return `${timeOf(at)} ${oneLine(text)}`;
}

function timeOf(at: Date): string {
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map((each) => String(each).padStart(2, '0')).join(':');
}

interface Line {
  text: string;
  /** Of a rule that holds: it may be left out where room is short. */
  holds: boolean;
}

function labLines({ lab, title, rules }: LabState, size: ScreenSize): Line[] {
  const head = paint(size, 'bold', cut(oneLine(`${lab}: ${title}`), size.width));
  const columns = Math.max(...rules.map((rule) => pointsOf(rule).length));
  return [
    { text: head, holds: false },
    ...rules.map((rule) => ({
      text: ruleLine(rule, columns, size),
      holds: rule.status === 'passed' && !rule.checking,
    })),
  ];
}

function pointsOf({ status, score, maxScore, withheld }: RuleState): string {
  if (withheld === true) return 'not judged';
  return status === 'unknown' ? String(maxScore) : `${score}/${maxScore}`;
}

function ruleLine(rule: RuleState, columns: number, size: ScreenSize): string {
  const [mark, style]: [string, Style] = rule.status === 'unknown' ? ['…', 'dim'] : MARKS[rule.status];
  const checked = rule.checking && rule.status !== 'unknown' ? '…' : ' ';
  const points = pointsOf(rule).padStart(columns);
  const left = `${mark}${checked} `;
  const title = cut(oneLine(rule.title), size.width - widthOf(left) - columns - 2);
  const id = `  ${rule.id}`;
  const fits = widthOf(left) + columns + 2 + widthOf(title) + widthOf(id) <= size.width;
  const start = `${paint(size, style, mark)}${paint(size, 'dim', checked)} ${paint(size, 'dim', points)}  ${title}`;
  return fits ? `${start}${paint(size, 'dim', id)}` : start;
}

/** Leaves out what holds, from the top, then whatever is too much. */
function folded(lines: Line[], room: number): Line[] {
  const tooMany = lines.length - room + 1;
  const holding = lines.filter(({ holds }) => holds).slice(0, tooMany);
  const kept = lines.filter((line) => !holding.includes(line));
  const note = { text: `✓  and ${holding.length} more that hold`, holds: true };
  const all = holding.length > 0 ? [...kept, note] : kept;
  if (all.length <= room) return all;
  const hidden = all.length - room + 1;
  return [...all.slice(0, Math.max(room - 1, 0)), { text: `…  and ${hidden} more rules`, holds: false }];
}

function fitted(lines: string[], room: number): string[] {
  if (lines.length <= room) return lines;
  return room < 1 ? [] : lines.slice(0, room);
}

/** Empty lines: above the footer, and above what is said of the first rule that does not hold. */
function gaps(detail: string[]): number {
  return detail.length > 0 ? 2 : 1;
}

function detailLines(rule: RuleState | undefined, size: ScreenSize): string[] {
  if (rule === undefined) return [];
  const { status, title, expected, actual, hint, evidence, blockedBy } = rule;
  const head = paint(size, 'bold', cut(`${MARKS.failed[0]}  ${oneLine(title)}`, size.width));
  if (status !== 'failed') {
    const why = blockedBy === undefined ? actual : `${actual} (see ${blockedBy})`;
    return [head, ...wordsOf('not judged', why, size)];
  }
  const [shown] = evidence;
  return [
    head,
    ...wordsOf('expected', expected, size),
    ...wordsOf('seen', actual, size),
    ...(hint === '' ? [] : wordsOf('hint', hint, size, 'cyan')),
    ...(shown === undefined ? [] : [...wordsOf('see it', `$ ${shown.what}`, size), ...outputOf(shown.output, size)]),
  ];
}

function outputOf(output: string, size: ScreenSize): string[] {
  const lines = linesOf(output);
  const shown =
    lines.length > MOST_OUTPUT
      ? [...lines.slice(0, MOST_OUTPUT - 1), `… ${lines.length - MOST_OUTPUT + 1} more lines`]
      : lines;
  return shown.map((line) => cut(`   ${' '.repeat(LABEL)}${line}`, size.width));
}

function wordsOf(label: string, text: string, size: ScreenSize, style?: Style): string[] {
  const indent = 3 + LABEL;
  return linesOf(text)
    .flatMap((line) => wrap(line, size.width - indent))
    .map((line, i) => {
      const start = `   ${(i === 0 ? label : '').padEnd(LABEL)}`;
      const words = cut(line, size.width - indent);
      return cut(start, size.width) + (style === undefined ? words : paint(size, style, words));
    });
}

function footerLine(state: WatchState, size: ScreenSize): string {
  const { score, maxScore } = scoreOf(state);
  const parts = [`${score}/${maxScore} points`, LEAVE, oneLine(state.watching)];
  return paint(size, 'dim', cut(parts.join('  ·  '), size.width));
}
