/**
 * `criterion(id, body)` is `test()` for a graded rule. The body states what must hold with `expect(…)`, after saying
 * with `needs(…)` what has to be so for the rule to be judged at all. Whatever happens, exactly one verdict is left.
 */
import { expect, test } from '@jest/globals';
import type { LabDefinition } from '../lab/lab-definition.ts';
import { leaveVerdict, noteSections } from './spec-context.ts';
import type { Finding, Verdict } from '../lab/verdict.ts';

/** Something that has to be so, and what is the case if it is not. */
export interface Condition {
  holds: boolean;
  because: string;
}

class Blocked extends Error {
  readonly blockedBy: string;
  constructor(blockedBy: string, because: string) {
    super(because);
    this.blockedBy = blockedBy;
  }
}

/** Thrown by a matcher whose observation allows no conclusion: the criterion ends as `error`, never as a pass. */
export class Inconclusive extends Error {}

/**
 * Thrown where this kind of host does not allow the question, e.g. because what runs there must not be disturbed: the
 * criterion is neither judged nor counted.
 */
export class Withheld extends Error {}

/** What the running criterion has found so far. */
let findings: Finding[] = [];

/** Begins anew. @returns the list to which every matcher adds what it finds from now on. */
export function keepFindings(): Finding[] {
  findings = [];
  return findings;
}

/** The declaring functions of one lab's spec, typed by its criteria's ids. */
export function specOf<Id extends string>(
  definition: LabDefinition<Id>,
): { criterion: (id: Id, body: () => void) => void; needs: (id: Id, ...conditions: Condition[]) => void } {
  return {
    criterion: (id, body) => {
      test(definition.criteria[id].title, () => {
        const started = performance.now();
        const { result, basedOn } = noteSections(() => judge(id, body));
        const verdict = { ...result, basedOn, durationMs: Math.round(performance.now() - started) };
        leaveVerdict(verdict);
        if (verdict.status !== 'passed') throw new Error(`${verdict.status}: ${verdict.actual}`);
      });
    },
    needs: (id, ...conditions) => {
      const unmet = conditions.find(({ holds }) => !holds);
      if (unmet !== undefined) throw new Blocked(id, unmet.because);
    },
  };
}

type Judged = Omit<Verdict, 'basedOn' | 'durationMs'>;

function judge(id: string, body: () => void): Judged {
  keepFindings();
  try {
    body();
  } catch (thrown) {
    return ended(id, thrown);
  }
  // A criterion that asserts nothing would pass for ever.
  if (findings.length === 0) return ended(id, new Inconclusive(`the spec asserts nothing for ${id}`));
  return { id, status: 'passed', ...summary(findings) };
}

function ended(id: string, thrown: unknown): Judged {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  if (thrown instanceof Blocked) {
    return { id, status: 'skipped', ...summary([]), actual: message, blockedBy: thrown.blockedBy };
  }
  if (thrown instanceof Withheld) return { id, status: 'skipped', ...summary([]), actual: message, withheld: true };
  const failed = findings.filter(({ pass }) => !pass);
  if (failed.length > 0) return { id, status: 'failed', ...summary(failed) };
  return { id, status: 'error', ...summary([]), actual: `could not be judged: ${message}` };
}

function summary(of: Finding[]): Pick<Verdict, 'expected' | 'actual' | 'evidence'> {
  const unique = (texts: string[]): string => [...new Set(texts)].join('\n');
  return {
    expected: unique(of.map(({ expected }) => expected)),
    actual: unique(of.map(({ actual }) => actual)),
    // Assertions of one criterion often look at the same thing.
    evidence: [
      ...new Map(of.flatMap(({ evidence }) => evidence).map((each) => [`${each.what}\n${each.output}`, each])).values(),
    ],
  };
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
      findings.push(finding);
      return { pass: isNot ? !finding.pass : finding.pass, message: () => `${finding.expected}\n${finding.actual}` };
    },
  ]);
  return Object.fromEntries(made);
}

export { expect };
