/** Numbers over a class. Shares are between 0 and 1. */
import { isFinished, type StudentRecord } from '../../record.ts';

export function median(values: number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}

export function mean(values: number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

export interface Step {
  /** e.g. `90 to 99 %`. */
  label: string;
  count: number;
}

/** How many shares lie in each tenth; all points are a step of their own. */
export function steps(shares: number[]): Step[] {
  const counts = Array.from({ length: 11 }, () => 0);
  for (const share of shares) {
    // Sums of decimal fractions may be a tiny bit too small.
    const step = Math.min(10, Math.max(0, Math.floor(share * 10 + 1e-9)));
    counts[step] = (counts[step] ?? 0) + 1;
  }
  return counts.map((count, i) => ({ label: i === 10 ? '100 %' : `${i * 10} to ${i * 10 + 9} %`, count }));
}

/** Which share of all points each student has, of those who are graded completely. */
export function sharesOf(records: StudentRecord[]): number[] {
  return records
    .filter(({ labs, maxScore }) => maxScore > 0 && labs.every(isFinished))
    .map(({ score, maxScore }) => score / maxScore);
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
