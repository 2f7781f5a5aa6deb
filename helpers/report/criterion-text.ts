/** What a student needs to know about one criterion that is not met, in plain text. */
import { cut } from './plain.ts';
import type { CriterionRecord, LabRecord } from './record.ts';
import { inert } from './terminal.ts';

/** Sentences, each of which begins with a word of ours; none for what passed. @param longest Of each text in them. */
export function sentencesOf(criterion: CriterionRecord, lab: LabRecord, longest: number): string[] {
  const { status, expected, actual, hint } = criterion;
  const short = (label: string, text: string): string[] => (text === '' ? [] : [`${label}: ${cut(text, longest)}`]);
  if (status === 'passed') return [];
  if (status === 'skipped') return [cut(notJudged(criterion, lab), longest)];
  if (status === 'error') return short('not judged (not the student’s fault)', actual);
  return [...short('expected', expected), ...short('seen', actual), ...short('hint', hint)];
}

/** Several lines that steer nothing: the sentences, and for what failed the evidence. Empty for what passed. */
export function explained(criterion: CriterionRecord, lab: LabRecord, longest: number): string {
  const evidence = criterion.status === 'failed' ? criterion.evidence : [];
  return inert(
    [
      ...sentencesOf(criterion, lab, longest),
      ...evidence.map(({ what, output }) => cut(`$ ${what}\n${output}`.trimEnd(), longest)),
    ].join('\n'),
  );
}

/** Why a criterion was skipped, by the title of the one that stands in the way. */
export function notJudged({ actual, blockedBy }: CriterionRecord, { criteria }: LabRecord): string {
  const blocking = criteria.find(({ id }) => id === blockedBy)?.title ?? blockedBy;
  return blocking === undefined
    ? `not judged: ${actual}`
    : `not judged, because of "${blocking}" (${blockedBy ?? ''}): ${actual}`;
}
