/** Makes Jest matchers of judgements, and keeps what they find for the criterion that is being judged. */
import type { Finding } from '../lab/verdict.ts';

/** Thrown by a matcher whose observation allows no conclusion: the criterion ends as `error`, never as a pass. */
export class Inconclusive extends Error {}

/**
 * Thrown where this kind of host does not allow the question, e.g. because what runs there must not be disturbed: the
 * criterion is neither judged nor counted.
 */
export class Withheld extends Error {}

/** What the matchers of the running criterion have found so far. */
let found: Finding[] = [];

/** Begins to keep findings. @returns the list that they are added to. */
export function keepFindings(): Finding[] {
  found = [];
  return found;
}

/** Says whether something that is stated holds; Jest does not know the types of what it is about. */
type Judgement = (subject: never, ...args: never[]) => Finding;
type NegatableJudgement = (isNot: boolean, subject: never, ...args: never[]) => Finding;

type JestMatchers = Record<
  string,
  (this: { isNot?: boolean }, ...args: unknown[]) => { pass: boolean; message: () => string }
>;

/**
 * Jest matchers of judgements that can only be stated. What they find wrong is not the contrary of what they state (a
 * port that nobody could try is no closed port), so they throw when they are negated: that is a fault of the spec, and
 * the criterion ends as `error`.
 *
 * @param judgements By the matchers' names.
 */
export function matchers(judgements: Record<string, Judgement>): JestMatchers {
  const stated = Object.entries(judgements).map(([name, judgement]): [string, NegatableJudgement] => [
    name,
    (isNot, ...args) => {
      if (isNot)
        throw new Error(
          `expect(…).not.${name}() cannot be judged: ${name} has no negative; state what has to be so, or give the matcher a negative of its own`,
        );
      return judgement(...args);
    },
  ]);
  return matchersWithNegative(Object.fromEntries(stated));
}

/**
 * Jest matchers of judgements with a negative of their own: they are told whether they are negated, and their finding
 * passes when the *asserted* thing holds, `not` included.
 *
 * @param judgements By the matchers' names.
 */
export function matchersWithNegative(judgements: Record<string, NegatableJudgement>): JestMatchers {
  const made = Object.entries(judgements).map(([name, judgement]): [string, JestMatchers[string]] => [
    name,
    function (...args) {
      const isNot = this.isNot === true;
      const finding = judgement(isNot, ...(args as [never, ...never[]]));
      found.push(finding);
      return { pass: isNot ? !finding.pass : finding.pass, message: () => `${finding.expected}\n${finding.actual}` };
    },
  ]);
  return Object.fromEntries(made);
}
