/** The class as its instructor reads it in a terminal when a run has ended. Pure text; the pages have more. */
import { cut, inert, oneLine } from '../base/inert.ts';
import { rulesBroken } from './pages/class-page/broken-rules.ts';
import { mean, median, percent, sharesOf } from './pages/class-page/statistics.ts';
import { handedIn, isBelow, isComplete, labsOf, titlesOf, type LabRecord, type StudentRecord } from './record.ts';
import { paint, type Screen } from './terminal.ts';
import { tidy } from './whole-points.ts';

const MOST_RULES = 5;
const INDENT = 2;
/** Characters of a title that say something. */
const LEAST_TITLE = 20;

/** @param records As their reader may see them; at least two. */
export function classText(records: StudentRecord[], screen: Screen): string {
  const there = records.filter(({ labs }) => labs.some(({ status }) => status !== 'missing')).length;
  const labs = handedIn(records);
  const absent = labsOf(records).filter((lab) => !labs.includes(lab));
  const rules = rulesBroken(records).slice(0, MOST_RULES);
  return [
    paint(screen, 'bold', `the class: ${records.length} students, ${there} handed something in`),
    ...scoresText(records),
    ...withTitles(tableOf(labs.map((lab) => rowOf(lab, records))), labs, { records, width: screen.width ?? Infinity }),
    ...(absent.length === 0 ? [] : [`nobody handed in: ${absent.join(', ')}`]),
    ...(rules.length === 0 ? [] : ['failed most often:']),
    ...rules.map(({ broken, judged, title, lab }) => `  ${broken.length} of ${judged}  ${title}  (${lab})`),
  ]
    .map(inert)
    .map((line, i) => (i === 0 ? line : `${' '.repeat(INDENT)}${line}`))
    .join('\n');
}

function scoresText(records: StudentRecord[]): string[] {
  const shares = sharesOf(records);
  if (shares.length === 0) return [];
  const full = shares.filter((share) => share >= 1).length;
  return [
    `half of them have ${percent(median(shares))} of the points or more; on average it is ${percent(mean(shares))}; ${full} ${full === 1 ? 'has' : 'have'} all points`,
  ];
}

const HEAD = ['lab', 'graded', 'missing', 'invalid', 'error', 'half have at least'];

function rowOf(name: string, records: StudentRecord[]): string[] {
  const labs = records.flatMap((record) => record.labs.filter(({ lab }) => lab === name));
  const count = (status: LabRecord['status']): string => {
    const found = labs.filter((each) => each.status === status).length;
    return found === 0 ? '·' : String(found);
  };
  const shares = labs
    .filter(({ status, maxScore }) => status === 'graded' && maxScore > 0)
    .map(({ score, maxScore }) => score / maxScore);
  return [
    name,
    ...(['graded', 'missing', 'invalid', 'error'] as const).map(count),
    shares.length === 0 ? '·' : percent(median(shares)),
  ];
}

function tableOf(rows: string[][]): string[] {
  const all = [HEAD, ...rows];
  const widths = HEAD.map((_, i) => Math.max(...all.map((row) => row[i]!.length)));
  return all.map((row) =>
    row
      .map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
      .join('  ')
      .trimEnd(),
  );
}

/** The table with each lab's title as far as there is room; without titles where there is next to none. */
function withTitles(
  [head = '', ...rows]: string[],
  labs: string[],
  { records, width }: { records: StudentRecord[]; width: number },
): string[] {
  const titles = titlesOf(records);
  const room = width - INDENT - head.length - 2;
  if (titles.size === 0 || room < LEAST_TITLE) return [head, ...rows];
  return [
    `${head}  title`,
    ...rows.map((row, i) => `${row.padEnd(head.length)}  ${cut(oneLine(titles.get(labs[i]!) ?? ''), room)}`.trimEnd()),
  ];
}

/**
 * Who is below the least score that was asked for, lowest first; empty if nobody is.
 *
 * @param records Whole: what is hidden counts, too, as in the exit code.
 * @param view As the text's reader may see a record. If something of it is hidden, its points are not said.
 */
export function belowText(
  records: StudentRecord[],
  minScore: number | undefined,
  view: (record: StudentRecord) => StudentRecord = (record) => record,
): string {
  const below = records
    // What could not be graded is no lost point, so such a student has no total.
    .filter((record) => isComplete(record) && isBelow(record, minScore))
    .toSorted((a, b) => a.score / a.maxScore - b.score / b.maxScore);
  if (below.length === 0) return '';
  const named = below.map((record) => {
    const { score, maxScore } = view(record);
    const isWhole = maxScore === record.maxScore;
    return isWhole ? `${record.student} ${tidy(score)}/${tidy(maxScore)}` : record.student;
  });
  return inert(`below ${minScore} %: ${named.join(', ')}`);
}
