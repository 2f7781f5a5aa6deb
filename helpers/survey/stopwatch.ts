/**
 * Measures the phases of one lab in milliseconds: phases that follow each other, and parts that run at the same time.
 */

/**
 * Milliseconds by phase, in the order in which the phases ended. `probes: reach` is a part of `probes`. Parts may
 * overlap, so their sum may be more than the whole.
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
