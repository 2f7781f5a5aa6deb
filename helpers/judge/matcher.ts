/** Makes Jest matchers from judgements, and collects their findings for the criterion that is being judged. */
import type { Finding } from '../lab/verdict.ts';

/** Thrown by a matcher when the observation allows no conclusion. The criterion's verdict is then `error`, never `passed`. */
export class Inconclusive extends Error {}

/**
 * Thrown when this kind of host does not allow a rule to be judged, e.g. because what runs there must not be disturbed. The
 * criterion is then withheld: it does not count.
 */
export class Withheld extends Error {}

/** What the matchers of the running criterion have found so far. */
let found: Finding[] = [];

/** Begins to keep findings. @returns the list that they are added to. */
export function keepFindings(): Finding[] {
  found = [];
  return found;
}

/** Judges whether a statement is true. Its parameters are `never`, because Jest does not know their types. */
type Judgement = (subject: never, ...args: never[]) => Finding;
type NegatableJudgement = (isNot: boolean, subject: never, ...args: never[]) => Finding;

type JestMatchers = Record<
  string,
  (this: { isNot?: boolean }, ...args: unknown[]) => { pass: boolean; message: () => string }
>;

/**
 * Makes Jest matchers that cannot be negated. When such a statement fails, its opposite need not be true: a port that could not
 * be tried is not a closed port. So they throw after `.not`. That is a fault of the spec, and the criterion's verdict is `error`.
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
 * Makes Jest matchers that can be negated. The judgement is told whether `.not` was used, and its finding passes when the
 * statement is true together with its `.not`.
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
