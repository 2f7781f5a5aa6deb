/** Records as Markdown: a table of criteria, then what a student needs for each that did not pass. */
import { headOfEvidence } from '../../lab/verdict.ts';
import { causeEvidence, costOf } from '../cause-text.ts';
import { labNotes, notJudged, overrideText } from '../criterion-text.ts';
import { deploymentTexts } from '../deployment.ts';
import { codeBlock, markdownText } from '../markdown.ts';
import { cut, withRoom } from '../plain.ts';
import type { CriterionRecord, LabRecord, StudentRecord } from '../record.ts';
import { tidy, type Points } from '../whole-points.ts';

/** How long a report may be where it is shown. */
export interface Room {
  most: number;
  /** A text's size, in the unit of `most`. */
  sizeOf: (text: string) => number;
  /** The last line of a report whose tables alone are too long. */
  cutNote: string;
}

/** Of a lab: no line of a report that has to be short is longer than this because of it. */
const LONGEST_TITLE = 200;
const TEXTS = { longest: 8192, shortest: 128 };

const TABLES_ONLY =
  'There is not enough room here for what was expected and seen of each criterion. The reports folder has all of it.';

const STATUS: Record<CriterionRecord['status'], string> = {
  passed: '✓ passed',
  failed: '✗ failed',
  skipped: '– not judged',
  error: '! error',
};

/** @returns Markdown. Its texts are cut to fit the room, and say so where they were cut. */
export function markdownReport(records: StudentRecord[], room: Room): string {
  const withTexts = (longest: number): string =>
    [...records.map((record) => studentPart(record, longest)), ...(longest === 0 ? [`${TABLES_ONLY}\n`] : [])].join(
      '\n',
    );
  const text = withRoom(TEXTS, withTexts, (made) => room.sizeOf(made) <= room.most);
  return room.sizeOf(text) <= room.most ? text : firstLines(text, room);
}

/** @param longest Characters of each of a student's texts; with 0, only the tables are written. */
function studentPart(record: StudentRecord, longest: number): string {
  const final = record.labs.every(({ status }) => status !== 'error');
  const points = final ? pointsOf(record) : 'not graded completely';
  return [
    `## Autograding of ${markdownText(record.student)}: ${points}`,
    ...record.labs.map((lab) => labPart(lab, longest)),
    '',
  ].join('\n\n');
}

function labPart(lab: LabRecord, longest: number): string {
  const status = lab.status === 'graded' ? '' : `, ${lab.status}`;
  return [
    `### ${markdownText(lab.lab)}: ${pointsOf(lab)}${status}`,
    ...(lab.title === undefined ? [] : [markdownText(cut(lab.title, LONGEST_TITLE))]),
    ...causePart(lab, longest),
    ...(lab.message === undefined ? [] : [sentence(lab.message, longest || TEXTS.shortest)]),
    ...labNotes(lab).map((note) => sentence(note, longest || TEXTS.shortest)),
    ...(lab.status === 'error'
      ? ['This is not the student’s fault, and no points were posted. Run the job again.']
      : []),
    ...(lab.criteria.length === 0 ? [] : [table(lab)]),
    ...deploymentTexts(lab).map((text) => sentence(text, longest || TEXTS.shortest)),
    ...(longest === 0 ? [] : lab.criteria.flatMap((criterion) => details(criterion, lab, longest))),
  ].join('\n\n');
}

function causePart(lab: LabRecord, longest: number): string[] {
  if (lab.cause === undefined) return [];
  const seen = causeEvidence(lab);
  const cost = costOf(lab);
  return [
    `**Cause:** ${sentence(lab.cause.says, longest || TEXTS.shortest)}${cost === '' ? '' : ` (${cost})`}`,
    ...(seen === undefined || longest === 0
      ? []
      : [codeBlock(`$ ${cut(seen.what, longest)}\n${shownEnd(seen.output, longest)}`)]),
  ];
}

function table({ criteria }: LabRecord): string {
  const row = (criterion: CriterionRecord): string =>
    `| ${STATUS[criterion.status]} | ${markdownText(criterion.title)} | ${pointsOf(criterion)} |`;
  return ['| | Criterion | Points |', '|---|---|---|', ...criteria.map(row)].join('\n');
}

function details(criterion: CriterionRecord, lab: LabRecord, longest: number): string[] {
  const { status, title, expected, actual, hint, evidence, override } = criterion;
  if (status === 'passed' && override === undefined) return [];
  const heading = `#### ${STATUS[status]}: ${markdownText(title)}`;
  const byHand = override === undefined ? [] : [sentence(overrideText(override), longest)];
  const head = [heading, ...byHand].join('\n\n');
  if (status === 'passed') return [head];
  if (status === 'skipped') return [head, sentence(notJudged(criterion, lab), longest)];
  if (status === 'error') return [head, `Not the student’s fault: ${sentence(actual, longest)}`];
  const rows = Object.entries({ Expected: expected, Seen: actual, Hint: hint })
    .filter(([, text]) => text !== '')
    .map(([label, text]) => `- **${label}:** ${sentence(text, longest)}`);
  return [
    head,
    rows.join('\n'),
    ...evidence.map((each) => codeBlock(shown(`${headOfEvidence(each)}\n${each.output}`, longest))),
  ];
}

function sentence(text: string, longest: number): string {
  return text.length <= longest ? markdownText(text) : `${markdownText(cut(text, longest))} (cut)`;
}

function shown(text: string, longest: number): string {
  const trimmed = text.trimEnd();
  if (trimmed.length <= longest) return trimmed;
  return `${cut(trimmed, longest)}\n(cut: ${trimmed.length} characters in all; the student's JSON report has them)`;
}

/** The end of an output: what a program prints last says most. */
function shownEnd(text: string, longest: number): string {
  const trimmed = text.trimEnd();
  return trimmed.length <= longest ? trimmed : `(the beginning was cut)\n${trimmed.slice(-longest).toWellFormed()}`;
}

function pointsOf({ score, maxScore }: Points): string {
  return `${tidy(score)} / ${tidy(maxScore)}`;
}

/** Whole lines, as many as there is room for. */
function firstLines(text: string, { most, sizeOf, cutNote }: Room): string {
  const end = `\n\n${cutNote}\n`;
  const lines: string[] = [];
  let size = sizeOf(end);
  for (const line of text.split('\n')) {
    size += sizeOf(line) + 1;
    if (size > most) break;
    lines.push(line);
  }
  return `${lines.join('\n')}${end}`;
}
