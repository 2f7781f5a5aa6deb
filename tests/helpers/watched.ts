/** A made-up lab and verdicts on it, for unit tests of what self-test shows. */
import type { LabDefinition } from '../../helpers/lab/lab-definition.ts';
import type { Status, Verdict } from '../../helpers/lab/verdict.ts';
import { afterSurvey, unseen, withLab, type WatchState } from '../../helpers/run/watch/state.ts';

/** @param criteria Ids with titles; each is worth ten points. */
export function labOfRules(criteria: Record<string, string>): LabDefinition {
  const entries = Object.entries(criteria).map(
    ([id, title]) => [id, { title, points: 10, hint: `Where does ${id} come from?` }] as const,
  );
  return { name: 'a-lab', title: 'A lab', survey: { roles: [] }, criteria: Object.fromEntries(entries) };
}

export function verdict(id: string, status: Status, more: Partial<Verdict> = {}): Verdict {
  return {
    id,
    status,
    expected: `${id} is so`,
    actual: `${id} is ${status}`,
    evidence: [{ what: `show ${id}`, output: `output of ${id}` }],
    basedOn: [],
    durationMs: 1,
    ...more,
  };
}

/** What is shown when everything was looked at. */
export function settled(lab: LabDefinition, verdicts: Verdict[]): WatchState {
  const state = unseen([lab], 'Docker 28.5 on this machine', 'npm run grade -- --lab a-lab');
  return withLab(state, afterSurvey(state.labs[0]!, lab, verdicts));
}
