/** What decides which options of a question hold: something that is done on a real engine, and what was seen then. */
import type { Letter } from '../../../helpers/lab/self-check-question.ts';
import type { LabShell } from './lab-shell.ts';

/** Plain data: it is observed in one process and judged in another. */
export type Observed = Record<string, unknown>;

export interface Experiment<Facts extends Observed = Observed> {
  /** Does it, on as many machines as it needs, on which nothing else runs; leaves containers and networks behind. */
  observe(...machines: LabShell[]): Promise<Facts>;
  /** By question: whether each of its options holds, by what was seen. */
  decides: Record<string, Partial<Record<Letter, (facts: Facts) => boolean>>>;
}

/** Keeps the facts' type between what observes and what decides. */
export function experiment<Facts extends Observed>(
  observe: Experiment<Facts>['observe'],
  decides: Experiment<Facts>['decides'],
): Experiment {
  return { observe, decides } as unknown as Experiment;
}
