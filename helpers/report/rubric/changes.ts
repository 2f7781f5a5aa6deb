/** How another rubric, or other rules, change each student's score: a class's records before and after. */
import type { Status } from '../../lab/verdict.ts';
import { csvText, type Cell } from '../csv.ts';
import type { CriterionRecord, LabRecord, StudentRecord } from '../record.ts';
import { hundredths, type Points } from '../whole-points.ts';

export interface Change {
  student: string;
  before: Points;
  after: Points;
  /** Compares score / maximum before and after. */
  effect: 'gains' | 'loses' | 'unchanged';
  /** Criteria whose score has changed, the largest difference first. */
  moved: { lab: string; criterion: string; by: number }[];
  /** Criteria that end otherwise. `absent`: the lab had, or has, no such criterion. */
  turned: { lab: string; criterion: string; before: Status | 'absent'; after: Status | 'absent'; by: number }[];
  /** Labs whose late penalty has changed, in percent. */
  late: { lab: string; before: number; after: number }[];
}

/** @param before, after Records of the same students, in the same order. */
export function changesOf(before: StudentRecord[], after: StudentRecord[]): Change[] {
  return before.map((record, i) => changeOf(record, after[i]!));
}

function changeOf(before: StudentRecord, after: StudentRecord): Change {
  const labs = before.labs.map((lab, i) => ({ name: lab.lab, was: lab, is: after.labs[i]! }));
  const criteria = labs.flatMap(({ name, was, is }) => pairsOf(name, was, is));
  return {
    student: before.student,
    before: pointsOf(before),
    after: pointsOf(after),
    effect: effectOf(before, after),
    moved: criteria
      .filter(({ by }) => by !== 0)
      .map(({ lab, criterion, by }) => ({ lab, criterion, by }))
      .sort((a, b) => Math.abs(b.by) - Math.abs(a.by)),
    turned: criteria.filter((each) => each.before !== each.after),
    late: labs
      .map(({ name, was, is }) => ({ lab: name, before: was.late?.percent ?? 0, after: is.late?.percent ?? 0 }))
      .filter((each) => each.before !== each.after),
  };
}

/** Each criterion that the lab had before or has after. */
function pairsOf(lab: string, was: LabRecord, is: LabRecord): Change['turned'] {
  const find = ({ criteria }: LabRecord, id: string): CriterionRecord | undefined =>
    criteria.find((each) => each.id === id);
  const ids = new Set([...was.criteria, ...is.criteria].map(({ id }) => id));
  return [...ids].map((criterion) => {
    const [before, after] = [find(was, criterion), find(is, criterion)];
    return {
      ...{ lab, criterion, before: before?.status ?? 'absent', after: after?.status ?? 'absent' },
      by: hundredths((after?.score ?? 0) - (before?.score ?? 0)),
    };
  });
}

function pointsOf({ score, maxScore }: Points): Points {
  return { score, maxScore };
}

function effectOf(before: Points, after: Points): Change['effect'] {
  const difference = hundredths(after.score * before.maxScore - before.score * after.maxScore);
  if (difference === 0) return 'unchanged';
  return difference > 0 ? 'gains' : 'loses';
}

/** e.g. "12 gain, 3 lose, 285 unchanged". */
export function classSummary(changes: Change[]): string {
  const count = (effect: Change['effect']): number => changes.filter((change) => change.effect === effect).length;
  const [gain, lose] = [count('gains'), count('loses')];
  return `${gain} ${gain === 1 ? 'gains' : 'gain'}, ${lose} ${lose === 1 ? 'loses' : 'lose'}, ${count('unchanged')} unchanged`;
}

/** What moved a score, e.g. "nginx-public-only +12, flask-both -3.5". @param most Of the criteria. */
export function movedText({ moved, late }: Change, most = Infinity): string {
  const severalLabs = new Set(moved.map(({ lab }) => lab)).size > 1;
  const shown = moved.slice(0, most).map(({ lab, criterion, by }) => {
    return `${severalLabs ? `${lab} ` : ''}${criterion} ${signed(by)}`;
  });
  return [
    ...late.map(({ lab, before, after }) => `${lab} late ${before} % -> ${after} %`),
    ...shown,
    ...(moved.length > most ? [`and ${moved.length - most} more`] : []),
  ].join(', ');
}

export function signed(points: number): string {
  return points > 0 ? `+${points}` : String(points);
}

/** rescored.csv: a row per student. */
export function changesCsv(changes: Change[]): string {
  const header = ['student', 'before', 'before max', 'after', 'after max', 'change', 'moved'];
  const rows = changes.map((change): Cell[] => {
    const { student, before, after } = change;
    const by = hundredths(after.score - before.score);
    return [student, before.score, before.maxScore, after.score, after.maxScore, by, movedText(change)];
  });
  return csvText([header, ...rows]);
}
