/** A record as a student reads it in a terminal. Pure text: colours only when asked for. */
import { styleText } from 'node:util';
import { inert, oneLine } from '../base/inert.ts';
import { headOfEvidence } from '../lab/verdict.ts';
import { deploymentTexts } from './deployment.ts';
import { causeEvidence, causeSentence } from './cause-text.ts';
import { labName, labNotes, overrideText } from './criterion-text.ts';
import type { CriterionRecord, LabRecord, StudentRecord } from './record.ts';

export { inert };

/** Lines of an output. */
const MOST_LINES = 8;

export interface Screen {
  colours: boolean;
  /** Characters of a line; absent where nothing limits them. */
  width?: number;
}

export type Style = Parameters<typeof styleText>[0];

export const MARKS: Record<CriterionRecord['status'], [string, Style]> = {
  passed: ['✓', 'green'],
  failed: ['✗', 'red'],
  skipped: ['–', 'yellow'],
  error: ['!', 'magenta'],
};

/** The message of a lab that was not handed in, if there is nothing else to say. */
export function notHandedInText(lab: string): string {
  return `${lab} was not handed in`;
}

export function studentText(record: StudentRecord, screen: Screen): string {
  const head = paint(screen, 'bold', `${inert(record.student)}  ${record.score}/${record.maxScore}`);
  const isShort = ({ status, message, lab }: LabRecord): boolean =>
    status === 'missing' && (message ?? '') === notHandedInText(lab);
  const absent = record.labs.filter(isShort);
  return [
    `${head}${hostText(record, screen)}`,
    ...record.labs.filter((lab) => !isShort(lab)).map((lab) => labText(lab, screen)),
    ...(absent.length === 0 ? [] : [`  not handed in: ${absent.map(({ lab }) => lab).join(', ')}`]),
  ].join('\n\n');
}

/** Where it was judged; empty for our own fresh machines, on which every criterion can be judged. */
function hostText({ engine }: Pick<LabRecord, 'engine'>, screen: Screen): string {
  if (engine === undefined || engine.limits.length === 0) return '';
  const way = `--host ${engine.host}${engine.live ? ' --live' : ''}`;
  return paint(screen, 'dim', `\n  ${way}, Engine ${engine.version}; “outside” is ${engine.outside}`);
}

function labText(lab: LabRecord, screen: Screen): string {
  const status = lab.status === 'graded' ? '' : `  ${lab.status}`;
  const head = `  ${paint(screen, 'bold', oneLine(labName(lab)))}  ${lab.score}/${lab.maxScore}${status}${hostText(lab, screen)}`;
  const message = [lab.message, lateText(lab), ...labNotes(lab)].filter(
    (each): each is string => each !== undefined && each !== '',
  );
  const criteria = lab.status === 'error' && lab.criteria.every(({ status }) => status === 'error') ? [] : lab.criteria;
  return [
    head,
    ...causeText(lab, screen),
    ...message.map((line) => `    ${inert(line)}`),
    ...deploymentTexts(lab).map((line) => paint(screen, 'dim', `    ${inert(line)}`)),
    ...criteria.map((criterion) => criterionText(criterion, screen)),
  ].join('\n');
}

/** The cause, and the end of what was seen of it: what a program prints last says most. */
function causeText(lab: LabRecord, screen: Screen): string[] {
  const sentence = causeSentence(lab);
  if (sentence === undefined) return [];
  const seen = causeEvidence(lab);
  const lines = seen === undefined ? [] : inert(seen.output).trim().split('\n');
  const left = lines.length - MOST_LINES;
  return [
    `    ${paint(screen, 'bold', inert(sentence))}`,
    ...(seen === undefined ? [] : [`        $ ${inert(seen.what)}`]),
    ...(left > 0 ? [`          … ${left} more lines before, in the report`] : []),
    ...lines.slice(-MOST_LINES).map((line) => `          ${line}`),
  ];
}

/** What a rubric takes off for being late; empty when nothing. */
export function lateText({ late, due }: LabRecord): string {
  if (late === undefined) return '';
  const free = late.freeDays === undefined ? '' : `, ${late.freeDays} of the student’s own late days used`;
  return `${late.percent} % taken off every score for being late${free}: handed in ${late.handedIn}, due ${due ?? ''}`;
}

function criterionText(criterion: CriterionRecord, screen: Screen): string {
  const { status, title, score, maxScore, id, override } = criterion;
  const [mark, style] = MARKS[status];
  const line = `    ${paint(screen, style, mark)} ${title}  ${paint(screen, 'dim', `[${score}/${maxScore}] ${id}`)}`;
  const byHand = override === undefined ? [] : block('by hand ', overrideText(override));
  return [line, ...byHand, ...(status === 'passed' ? [] : details(criterion, screen))].join('\n');
}

function details({ status, expected, actual, hint, evidence, blockedBy }: CriterionRecord, screen: Screen): string[] {
  if (status === 'skipped')
    return [`        not judged: ${inert(actual)}${blockedBy === undefined ? '' : ` (see ${blockedBy})`}`];
  if (status === 'error') return [`        not judged (not the student’s fault): ${inert(actual)}`];
  const shown = evidence[0];
  return [
    ...(expected === '' ? [] : block('expected', expected)),
    ...block('seen    ', actual),
    ...(shown === undefined
      ? []
      : [...block(shown.described ? 'looked at' : 'see it  ', headOfEvidence(shown)), ...indent(shown.output, 12)]),
    ...(hint === '' ? [] : block('hint    ', paint(screen, 'cyan', hint))),
  ];
}

function block(label: string, text: string): string[] {
  const [first = '', ...others] = inert(text).split('\n');
  return [`        ${label}  ${first}`, ...others.map((line) => `                  ${line}`)];
}

function indent(text: string, by: number): string[] {
  const lines = inert(text).trim().split('\n');
  const left = lines.length - MOST_LINES;
  const shown = left > 0 ? [...lines.slice(0, MOST_LINES), `… ${left} more lines in the report`] : lines;
  return shown.map((line) => `${' '.repeat(by + 6)}${line}`);
}

export function paint(screen: Screen, style: Style, text: string): string {
  return screen.colours ? styleText(style, text, { validateStream: false }) : text;
}
