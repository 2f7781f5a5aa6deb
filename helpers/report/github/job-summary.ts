/** The page that GitHub shows for a job: a table of criteria, then what a student needs for each that is not met. */
import { codeBlock, markdownText } from '../markdown.ts';
import { cut } from '../plain.ts';
import type { CriterionRecord, LabRecord, StudentRecord } from '../record.ts';
import { notJudged } from '../tests.ts';
import { inWholePoints } from '../whole-points.ts';

/** GitHub drops the whole summary of a step above 1 MiB. */
const MOST_BYTES = 1_000_000;
const LONGEST_TEXT = 8192;
const SHORTEST_TEXT = 128;

const STATUS: Record<CriterionRecord['status'], string> = {
  passed: '✓ passed',
  failed: '✗ failed',
  skipped: '– not judged',
  error: '! error',
};

/** @returns Markdown whose texts are as long as there is room for, and say so where they were cut. */
export function jobSummary(records: StudentRecord[]): string {
  const whole = records.map(inWholePoints);
  const withTexts = (longest: number): string => whole.map((record) => studentPart(record, longest)).join('\n');
  for (let longest = LONGEST_TEXT; longest >= SHORTEST_TEXT; longest /= 2) {
    const text = withTexts(longest);
    if (Buffer.byteLength(text) <= MOST_BYTES) return text;
  }
  return firstLines(withTexts(0));
}

/** @param longest Of a student's text; with 0 there are only the tables. */
function studentPart(record: StudentRecord, longest: number): string {
  const final = record.labs.every(({ status }) => status !== 'error');
  const points = final ? `${record.score} / ${record.maxScore}` : 'not graded completely';
  return [
    `## Autograding of ${markdownText(record.student)}: ${points}`,
    ...record.labs.map((lab) => labPart(lab, longest)),
    '',
  ].join('\n\n');
}

function labPart(lab: LabRecord, longest: number): string {
  const status = lab.status === 'graded' ? '' : `, ${lab.status}`;
  return [
    `### ${markdownText(lab.lab)}: ${lab.score} / ${lab.maxScore}${status}`,
    ...(lab.message === undefined ? [] : [sentence(lab.message, longest || SHORTEST_TEXT)]),
    ...(lab.status === 'error'
      ? ['This is no fault of the submission, and no points were posted. Run the job again.']
      : []),
    ...(lab.criteria.length === 0 ? [] : [table(lab)]),
    ...(longest === 0 ? [] : lab.criteria.flatMap((criterion) => details(criterion, lab, longest))),
  ].join('\n\n');
}

function table({ criteria }: LabRecord): string {
  const row = ({ status, title, score, maxScore }: CriterionRecord): string =>
    `| ${STATUS[status]} | ${markdownText(title)} | ${score} / ${maxScore} |`;
  return ['| | Criterion | Points |', '|---|---|---|', ...criteria.map(row)].join('\n');
}

function details(criterion: CriterionRecord, lab: LabRecord, longest: number): string[] {
  const { status, title, expected, actual, hint, evidence } = criterion;
  if (status === 'passed') return [];
  const head = `#### ${STATUS[status]}: ${markdownText(title)}`;
  if (status === 'skipped') return [head, sentence(notJudged(criterion, lab), longest)];
  if (status === 'error') return [head, `Through no fault of the submission: ${sentence(actual, longest)}`];
  const rows = Object.entries({ Expected: expected, Seen: actual, Hint: hint })
    .filter(([, text]) => text !== '')
    .map(([label, text]) => `- **${label}:** ${sentence(text, longest)}`);
  return [
    head,
    rows.join('\n'),
    ...evidence.map(({ what, output }) => codeBlock(shown(`$ ${what}\n${output}`, longest))),
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

/** Whole lines, as many as there is room for. */
function firstLines(text: string): string {
  if (Buffer.byteLength(text) <= MOST_BYTES) return text;
  const lines: string[] = [];
  let bytes = 0;
  for (const line of text.split('\n')) {
    bytes += Buffer.byteLength(line) + 1;
    if (bytes > MOST_BYTES - 200) break;
    lines.push(line);
  }
  return `${lines.join('\n')}\n\nThis summary was cut: there is no room here for all students. Their reports have the rest.\n`;
}
