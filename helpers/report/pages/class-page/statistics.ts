/** Numbers over a class. Shares are between 0 and 1. */

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

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}
