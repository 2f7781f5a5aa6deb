/** Medians and ratios, and how they are printed: figures, then ratios, then the goals beside them. */
import os from 'node:os';

/** The middle one of the values, or what lies between the two in the middle. */
export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (values.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle)] ?? NaN)) / 2;
}

/**
 * The median of what the ratio was in each round: rounds are compared within themselves, so that what else the machine
 * did in one of them does not count against one side.
 */
export function ratio(above: number[], below: number[]): number {
  return median(above.map((value, round) => value / (below[round] ?? NaN)));
}

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
export const percent = (part: number): string => `${(part * 100).toFixed(0)} %`;
export const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(0)} MiB`;
export const times = (value: number): string => `${value.toFixed(2)}×`;

const WIDTH = 54;

/** One line: what was measured, the figure, and what it consists of. */
export function line(what: string, figure: string, details = ''): void {
  console.log(`  ${what.padEnd(WIDTH)}${figure.padStart(10)}${details === '' ? '' : `   ${details}`}`);
}

export function heading(text: string): void {
  console.log(`\n${text}`);
}

/** A goal of the project beside what was measured. No exit code depends on it. */
export function goal(what: string, figure: string, wanted: string, met: boolean): void {
  console.log(`  ${what.padEnd(WIDTH)}${figure.padStart(10)}   goal ${wanted.padEnd(20)} ${met ? 'met' : 'not met'}`);
}

/** What else the machine does: figures of a busy machine are worth little, ratios something. */
export function load(): string {
  const [minute = 0] = os.loadavg();
  return `load ${minute.toFixed(1)} on ${os.availableParallelism()} cores`;
}
