/** Measures the phases of one lab in milliseconds: those that follow each other, and what runs side by side in one. */

/**
 * Milliseconds by phase, in the order in which they ended. `probes: reach` is a part of `probes`: parts may overlap, so
 * that they add up to more than the whole.
 */
export type Timings = Record<string, number>;

export interface Stopwatch {
  /** Ends a phase; the next one begins. */
  lap(phase: string): void;
  /** Measures a part of the phase that is going on. */
  part<T>(name: string, work: Promise<T>): Promise<T>;
  readonly laps: Timings;
}

/** What a part of a phase is called. */
export function partOf(phase: string, name: string): string {
  return `${phase}: ${name}`;
}

export function stopwatch(): Stopwatch {
  const laps: Timings = {};
  let last = performance.now();
  const since = (start: number): number => Math.round(performance.now() - start);
  return {
    laps,
    lap: (phase) => {
      laps[phase] = since(last);
      last = performance.now();
    },
    part: async (name, work) => {
      const start = performance.now();
      try {
        return await work;
      } finally {
        laps[name] = since(start);
      }
    },
  };
}
