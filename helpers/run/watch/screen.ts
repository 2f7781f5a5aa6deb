/**
 * The state as lines of a terminal. Pure text: no line is longer or lower than the terminal, colours only when asked
 * for.
 */
import { headOfEvidence, type Evidence } from '../../lab/verdict.ts';
import { MARKS, paint, type Style } from '../../report/terminal.ts';
import {
  firstTrouble,
  isUnseen,
  scoreOf,
  withheldIn,
  type Change,
  type LabState,
  type RuleState,
  type WatchState,
} from './state.ts';
import { cut, linesOf, oneLine, widthOf, wrap } from './text.ts';

export interface ScreenSize {
  /** Columns. */
  width: number;
  /** Lines. */
  height: number;
  colours: boolean;
}

/** For a file or a pipe, which have no limits. */
export const ENDLESS: ScreenSize = { width: Infinity, height: Infinity, colours: false };

/** Lines of the output that a command shows. */
const MOST_OUTPUT = 6;
/** … and of the command itself, however short the room. */
const MOST_COMMAND = 4;
const LABEL = 11;
/** So much room is left for rules and details before anything is said of rules that cannot be judged here. */
const LEAST_ABOVE = 12;
const LEAVE = 'Ctrl-C leaves';
const OPEN = 'p shows a picture';

/** The whole screen; it has fewer lines than the terminal, so that nothing scrolls. */
export function screenLines(state: WatchState, size: ScreenSize): string[] {
  const rest = restOf(state, size);
  const page = pageLines(state, size);
  const blocks = detailOf(state, size);
  const gap = blocks.length > 0 ? 1 : 0;
  const room = size.height - 2 - page.length; // without the cursor's own line, and the footer
  const forRest = Math.min(rest.length, Math.max(room - LEAST_ABOVE, 0));
  const rules = [...guessLines(state, size), ...state.labs.flatMap((lab) => labLines(lab, size))];
  const roomAbove = room - forRest;
  const [least, whole] = [sum(blocks.map((block) => block.least)), sum(blocks.map(({ lines }) => lines.length))];
  const shownRules = folded(rules, { wanted: roomAbove - gap - whole, most: roomAbove - gap - least }, size);
  const shownDetail = fitted(blocks, roomAbove - gap - shownRules.length, size);
  const above = [...shownRules.map(({ text }) => text), ...(shownDetail.length > 0 ? ['', ...shownDetail] : [])];
  const below = [...rest.slice(0, forRest), ...page, footerLine(state, size)];
  const all = [...above, ...(above.length < roomAbove ? [''] : []), ...below];
  return all.slice(-Math.max(size.height - 1, 1));
}

/** A change as a line of a log. @param at When it was seen. @param withLab Whether several labs are watched. */
export function changeLine({ lab, rule }: Change, at: Date, withLab: boolean): string {
  const { status, id, actual, title } = rule;
  const seen = status === 'passed' ? title : (linesOf(actual)[0] ?? '');
  return `${timeOf(at)} ${markOf(rule)[0]} ${withLab ? `${lab} ` : ''}${id}  ${oneLine(seen)}`;
}

/** Something about the watching itself as a line of a log. */
export function noteLine(text: string, at: Date): string {
  return `${timeOf(at)} ${oneLine(text)}`;
}

function timeOf(at: Date): string {
  return [at.getHours(), at.getMinutes(), at.getSeconds()].map((each) => String(each).padStart(2, '0')).join(':');
}

/** The rules that may be left out if there is little room, because nothing is known to be wrong with them: the first ones first. */
const FOLDS = {
  passed: ['✓', 'more that passed'],
  withheld: ['–', 'not judged here'],
  checking: ['…', 'being checked'],
} as const;

interface Line {
  text: string;
  fold?: keyof typeof FOLDS;
}

function guessLines({ guessed }: WatchState, size: ScreenSize): Line[] {
  return guessed === undefined ? [] : [{ text: paint(size, 'dim', cut(oneLine(guessed), size.width)) }];
}

function labLines({ lab, title, rules }: LabState, size: ScreenSize): Line[] {
  const head = paint(size, 'bold', cut(oneLine(`${lab}: ${title}`), size.width));
  const columns = Math.max(...rules.map((rule) => pointsOf(rule).length));
  return [{ text: head }, ...rules.map((rule) => ({ text: ruleLine(rule, columns, size), ...foldOf(rule) }))];
}

function foldOf({ status, checking, withheld }: RuleState): Pick<Line, 'fold'> {
  if (withheld === true) return { fold: 'withheld' };
  return status === 'passed' ? { fold: checking ? 'checking' : 'passed' } : {};
}

function pointsOf({ status, score, maxScore, withheld }: RuleState): string {
  if (withheld === true) return '–';
  return status === 'unknown' ? String(maxScore) : `${score}/${maxScore}`;
}

function ruleLine(rule: RuleState, columns: number, size: ScreenSize): string {
  const [mark, style] = markOf(rule);
  const checked = rule.checking && rule.status !== 'unknown' ? '…' : ' ';
  const points = pointsOf(rule).padStart(columns);
  const left = `${mark}${checked} `;
  const title = cut(oneLine(rule.title), size.width - widthOf(left) - columns - 2);
  const id = `  ${rule.id}`;
  const fits = widthOf(left) + columns + 2 + widthOf(title) + widthOf(id) <= size.width;
  const start = `${paint(size, style, mark)}${paint(size, 'dim', checked)} ${paint(size, 'dim', points)}  ${title}`;
  return fits ? `${start}${paint(size, 'dim', id)}` : start;
}

/**
 * Leaves out rules with which nothing is wrong, from the top, until there are no more lines than wanted; then the last lines,
 * until there are no more than can be shown at all.
 */
function folded(lines: Line[], { wanted, most }: { wanted: number; most: number }, { width }: ScreenSize): Line[] {
  if (lines.length <= wanted) return lines;
  const foldable = Object.keys(FOLDS).flatMap((fold) => lines.filter((line) => line.fold === fold));
  const gone = foldable.slice(0, lines.length - wanted + 1);
  // A note in the place of one line wins nothing.
  const all = gone.length > 1 ? [...lines.filter((line) => !gone.includes(line)), noteOn(gone, width)] : lines;
  if (all.length <= most) return all;
  const shown = all.slice(0, Math.max(most - 1, 0));
  return [...shown, { text: cut(`…  and ${all.length - shown.length} more`, width) }];
}

function noteOn(gone: Line[], width: number): Line {
  const kinds = Object.entries(FOLDS).flatMap(([fold, [mark, what]]) => {
    const count = gone.filter((line) => line.fold === fold).length;
    return count === 0 ? [] : [{ mark, text: `${count} ${what}` }];
  });
  return { text: cut(`${kinds[0]?.mark ?? ''}  and ${kinds.map(({ text }) => text).join(', ')}`, width) };
}

/** A labelled text in lines that fit beside the label. */
interface Block {
  label: string;
  lines: string[];
  style?: Style;
  /** The least number of lines with which the block makes sense. */
  least: number;
}

/** As much of each block as there is room for. */
function fitted(blocks: Block[], room: number, size: ScreenSize): string[] {
  const counts = blocks.map(({ lines }) => lines.length);
  while (sum(counts) > room) {
    const spare = counts.map((count, i) => count - blocks[i]!.least);
    const most = Math.max(...spare);
    const last = most > 0 ? spare.lastIndexOf(most) : counts.findLastIndex((count) => count > 0);
    if (last < 0) break;
    counts[last]! -= 1;
  }
  return blocks.flatMap((block, i) => drawn(block, counts[i]!, size));
}

function drawn({ label, lines, style }: Block, count: number, size: ScreenSize): string[] {
  const shown = count < lines.length && count > 0 ? [...lines.slice(0, count - 1), `${lines[count - 1]!} …`] : lines;
  return shown.slice(0, count).map((line, i) => {
    const start = cut(i === 0 ? label : ' '.repeat(widthOf(label)), size.width);
    const words = cut(line, size.width - widthOf(start));
    return `${start}${style === undefined ? words : paint(size, style, words)}`;
  });
}

/** What is shown below the rules: why nothing can be seen, or details about the first rule that failed. */
function detailOf(state: WatchState, size: ScreenSize): Block[] {
  if (state.trouble !== undefined) return [blockOf('!', state.trouble, size)];
  const rule = firstTrouble(state);
  if (rule === undefined) return [];
  const { status, title, expected, actual, hint, evidence, blockedBy } = rule;
  const head: Block = { label: `${markOf(rule)[0]}  `, lines: [oneLine(title)], style: 'bold', least: 1 };
  if (status !== 'failed') {
    const why = blockedBy === undefined ? actual : `${actual} (see ${blockedBy})`;
    return [head, blockOf('not judged', why, size)];
  }
  return [
    head,
    blockOf('expected', expected, size),
    blockOf('seen', actual, size),
    ...evidence.slice(0, 1).flatMap((each) => evidenceOf(each, size)),
    ...(hint === '' ? [] : [{ ...blockOf('hint', hint, size), style: 'cyan' as const }]),
  ];
}

function blockOf(label: string, text: string, size: ScreenSize): Block {
  const start = `   ${label.padEnd(LABEL)}`;
  return { label: start, lines: linesOf(text).flatMap((line) => wrap(line, size.width - widthOf(start))), least: 1 };
}

/** A command and its output. The command is shown whole if possible; its output can be seen by typing it. */
function evidenceOf(evidence: Evidence, size: ScreenSize): Block[] {
  const typed = blockOf(evidence.described ? 'looked at' : 'see it', headOfEvidence(evidence), size);
  const printed = linesOf(evidence.output);
  const tooMany = printed.length - MOST_OUTPUT;
  const lines = tooMany > 0 ? [...printed.slice(0, MOST_OUTPUT - 1), `… ${tooMany + 1} more lines`] : printed;
  return [
    { ...typed, least: Math.min(typed.lines.length, MOST_COMMAND) },
    { label: ' '.repeat(3 + LABEL), lines, least: 0 },
  ];
}

function markOf({ status }: RuleState): [string, Style] {
  return status === 'unknown' ? ['…', 'dim'] : MARKS[status];
}

function sum(numbers: number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

/** Which rules cannot be judged here, why, and which command judges them. */
function restOf(state: WatchState, size: ScreenSize): string[] {
  const withheld = withheldIn(state);
  if (withheld.length === 0) return [];
  const points = sum(withheld.map(({ worth }) => worth));
  const whys = [...new Set(withheld.map(({ actual }) => actual))].map((why) => {
    const ids = withheld.filter(({ actual }) => actual === why).map(({ id }) => id);
    return `${ids.join(', ')} (${oneLine(why)})`;
  });
  const says = `${points} more points are not judged here: ${whys.join('; ')}`;
  return [`–  ${says}`, `   → ${state.rest}`].flatMap((text) => indented(text, size));
}

/** The live page's address, whole: it may be copied. */
function pageLines({ page = '' }: WatchState, { width }: ScreenSize): string[] {
  if (page === '') return [];
  return wrap(`p  ${page}`, width);
}

/** A text of which every line begins with three columns. */
function indented(text: string, size: ScreenSize): string[] {
  const lines = wrap(text.slice(3), size.width - 3);
  return lines.map((line, i) => paint(size, 'dim', cut(`${i === 0 ? text.slice(0, 3) : '   '}${line}`, size.width)));
}

function footerLine(state: WatchState, size: ScreenSize): string {
  const { score, maxScore } = scoreOf(state);
  const points = isUnseen(state) ? 'looking …' : `${score}/${maxScore} points`;
  const parts = [points, ...(state.page === '' ? [OPEN] : []), LEAVE, oneLine(state.watching)];
  return paint(size, 'dim', cut(parts.join('  ·  '), size.width));
}
