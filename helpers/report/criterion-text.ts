/** What a student needs to know about one criterion that did not pass, in plain text. */
import { headOfEvidence } from '../lab/verdict.ts';
import { attemptsText } from './attempts.ts';
import { cut } from './plain.ts';
import type { CriterionRecord, LabRecord, OverrideRecord } from './record.ts';
import { inert } from '../base/inert.ts';
import { tidy } from './whole-points.ts';

/**
 * Sentences about one criterion; none if it passed. Each begins with a word of ours, never with a student's text.
 *
 * @param longest Characters of each text in them; longer texts are cut.
 */
export function sentencesOf(criterion: CriterionRecord, lab: LabRecord, longest: number): string[] {
  const { status, expected, actual, hint } = criterion;
  const short = (label: string, text: string): string[] => (text === '' ? [] : [`${label}: ${cut(text, longest)}`]);
  const byHand = criterion.override === undefined ? [] : [cut(overrideText(criterion.override), longest)];
  if (status === 'passed') return byHand;
  if (status === 'skipped') return [...byHand, cut(notJudged(criterion, lab), longest)];
  if (status === 'error') return [...byHand, ...short('not judged (not the student’s fault)', actual)];
  return [...byHand, ...short('expected', expected), ...short('seen', actual), ...short('hint', hint)];
}

/** How a lab is named where people read: by its name, which they type, and its title. */
export function labName({ lab, title }: Pick<LabRecord, 'lab' | 'title'>): string {
  return title === undefined ? lab : `${lab}: ${title}`;
}

/** What a student reads of points that were given by hand. */
export function overrideText({ points, reason, who, when }: OverrideRecord): string {
  return `points given by hand: ${tidy(points)} (${who}, ${when}): ${reason}`;
}

/** What a student reads of a lab as a whole, beside its message: attempts, the group, points given by hand, whether it counts. */
export function labNotes(lab: LabRecord): string[] {
  const { group, overrides = [], counts } = lab;
  return [
    ...(lab.attempts === undefined ? [] : [attemptsText(lab)]),
    ...(group === undefined || lab.status === 'missing' ? [] : [`handed in by the group ${group}`]),
    ...overrides.map((override) => `${override.criterion}: ${overrideText(override)}`),
    ...(counts === false ? ['this lab does not count for the total'] : []),
  ];
}

/** The sentences as lines without control characters, with the evidence if the criterion failed. Empty if it passed. */
export function explained(criterion: CriterionRecord, lab: LabRecord, longest: number): string {
  const evidence = criterion.status === 'failed' ? criterion.evidence : [];
  return inert(
    [
      ...sentencesOf(criterion, lab, longest),
      ...evidence.map((each) => cut(`${headOfEvidence(each)}\n${each.output}`.trimEnd(), longest)),
    ].join('\n'),
  );
}

/** Why a criterion was skipped: names the criterion that blocks it by title and id. */
export function notJudged({ actual, blockedBy }: CriterionRecord, { criteria }: LabRecord): string {
  const blocking = criteria.find(({ id }) => id === blockedBy)?.title ?? blockedBy;
  return blocking === undefined
    ? `not judged: ${actual}`
    : `not judged, because of "${blocking}" (${blockedBy ?? ''}): ${actual}`;
}
