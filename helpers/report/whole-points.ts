/**
 * Makes all points of a record whole numbers. Gradebooks that read GitHub's and Classroom 50's results accept only
 * these: a fractional total became 0 in an export. Records whose points are whole already are not changed.
 */
import type { StudentRecord } from './record.ts';

export interface Points {
  score: number;
  maxScore: number;
}

/** Tolerance, because sums of decimal fractions may be slightly too small: 0.7 + 0.1 + 0.2 is less than 1. */
const HAIR = 1e-6;

/**
 * Rounds points to whole numbers. The sums are the old ones, rounded down. No part gets more than its maximum. A part
 * with all its points keeps all of them, and a part with 0 points keeps 0.
 */
export function wholePoints(parts: Points[]): Points[] {
  const whole = (points: number): number => Math.floor(points + HAIR);
  let got = 0;
  // Points that the scores lose by rounding are added to the missed points, so that both sums are right.
  const all = parts.reduce((sum, { score }) => sum + score, 0);
  let missed = all - whole(all);
  return parts.map(({ score, maxScore }) => {
    const [gotBefore, missedBefore] = [got, missed];
    got += score;
    missed += maxScore - score;
    const points = whole(got) - whole(gotBefore);
    return { score: points, maxScore: points + whole(missed) - whole(missedBefore) };
  });
}

/** @returns the same record with whole points for every criterion, lab and in total. */
export function inWholePoints(record: StudentRecord): StudentRecord {
  const parts = record.labs.flatMap((lab): Points[] => (lab.criteria.length > 0 ? lab.criteria : [lab]));
  const whole = wholePoints(parts).values();
  const next = (): Points => whole.next().value ?? { score: 0, maxScore: 0 };
  const labs = record.labs.map((lab) => {
    if (lab.criteria.length === 0) return { ...lab, ...next() };
    const criteria = lab.criteria.map((criterion) => ({ ...criterion, ...next() }));
    return { ...lab, criteria, ...total(criteria) };
  });
  return { ...record, labs, ...totalOf(labs) };
}

/** Points as they are written down: without what is left of a sum of decimal fractions (0.1 + 0.2 is 0.3). */
export function tidy(points: number): number {
  return Number(points.toFixed(6));
}

/** The points of several labs, criteria or students together. */
export function total(parts: Points[]): Points {
  return {
    score: hundredths(parts.reduce((sum, { score }) => sum + score, 0)),
    maxScore: hundredths(parts.reduce((sum, { maxScore }) => sum + maxScore, 0)),
  };
}

/** The points of a student's labs together, without those that do not count. */
export function totalOf(labs: (Points & { counts?: false })[]): Points {
  return total(labs.filter(({ counts }) => counts !== false));
}

/** Rounds to two digits after the point: points have no more, and floating-point sums (0.1 + 0.2) have. */
export function hundredths(points: number): number {
  return Math.round(points * 100 + HAIR) / 100;
}
