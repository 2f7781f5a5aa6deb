/**
 * `criterion(id, body)` is `test()` for a graded rule. The body states the rule with `expect(…)`. What must be true before the
 * rule can be judged is declared beside the body. Whatever happens, there is exactly one verdict.
 */
import { expect, test } from '@jest/globals';
import type { LabDefinition } from '../lab/lab-definition.ts';
import type { Finding, Verdict } from '../lab/verdict.ts';
import { inEveryCast } from './cast.ts';
import { failureOf } from './failure-message.ts';
import { keepFindings, Withheld } from './matcher.ts';
import { leaveVerdict, noteSections } from './spec-context.ts';

/** A condition, and a sentence about what was found if it is not met. */
export interface Condition {
  holds: boolean;
  because: string;
}

/** Another criterion that this one needs, with the conditions by which it is met. Made by `need`. */
export interface Need {
  id: string;
  /** Tried in this order when the criterion is judged, so a later condition may rely on an earlier one. */
  conditions: (() => Condition)[];
}

export interface CriterionOptions {
  /** Tried first. If this kind of host does not allow the rule to be judged, the criterion is withheld: it does not count. */
  onlyWhere?: () => Condition;
  /** Tried before the body. At the first one that is not met, the criterion is skipped. */
  needs?: Need[];
  /**
   * Tried after the body, if the body found nothing wrong. If one is not met, the criterion does not pass but is skipped. What
   * the body finds wrong is wrong whether they are met or not.
   */
  toPass?: Need[];
}

/** The declaring functions of one lab's spec, typed by its criteria's ids. */
export interface Spec<Id extends string> {
  criterion: (id: Id, ...declared: [body: () => void] | [options: CriterionOptions, body: () => void]) => void;
  /** @param id The criterion that fails if one of the conditions is not met. */
  need: (id: Id, ...conditions: Need['conditions']) => Need;
}

export function specOf<Id extends string>(definition: LabDefinition<Id>): Spec<Id> {
  return {
    criterion: (id, ...declared) => {
      const [options, body] = declared.length === 1 ? [{}, declared[0]] : declared;
      test(definition.criteria[id].title, () => {
        const started = performance.now();
        const { result, basedOn } = noteSections(() => together(inEveryCast(() => judge(id, options, body))));
        const verdict = { ...result.judged, basedOn, durationMs: Math.round(performance.now() - started) };
        leaveVerdict(verdict);
        if (verdict.status !== 'passed') throw failureOf(verdict, result.thrown);
      });
    },
    need: (id, ...conditions) => ({ id, conditions }),
  };
}

class Blocked extends Error {
  readonly blockedBy: string;
  constructor(blockedBy: string, because: string) {
    super(because);
    this.blockedBy = blockedBy;
  }
}

/** Used inside a body that states something about several subjects: says what the next statement needs. */
export function check(...needs: Need[]): void {
  for (const { id, conditions } of needs) {
    for (const condition of conditions) {
      const { holds, because } = condition();
      if (!holds) throw new Blocked(id, because);
    }
  }
}

type Judged = Omit<Verdict, 'basedOn' | 'durationMs'>;

/** From the one that decides first: what fails for one replica fails. */
const DECIDING: Judged['status'][] = ['failed', 'error', 'skipped', 'passed'];
/** At most so many sentences about replicas are put together. */
const MOST_SENTENCES = 4;

/** Puts the verdicts on one criterion together, which was judged of each replica. */
function together(all: { judged: Judged; thrown?: unknown }[]): { judged: Judged; thrown?: unknown } {
  const status = DECIDING.find((each) => all.some(({ judged }) => judged.status === each));
  const [first, ...others] = all.filter(({ judged }) => judged.status === status);
  const sentences = [...new Set([first!, ...others].map(({ judged }) => judged.actual))];
  return { ...first, judged: { ...first!.judged, actual: sentences.slice(0, MOST_SENTENCES).join('\n') } };
}

/** Judges one criterion. @returns its verdict, and what was thrown in it, if anything was. */
export function judge(
  id: string,
  { onlyWhere, needs = [], toPass = [] }: CriterionOptions,
  body: () => void,
): { judged: Judged; thrown?: unknown } {
  const findings = keepFindings();
  try {
    const allowed = onlyWhere?.();
    if (allowed?.holds === false) throw new Withheld(allowed.because);
    check(...needs);
    body();
    check(...toPass);
    // A criterion that asserts nothing would always pass.
    if (findings.length === 0) throw new Error(`the spec asserts nothing for ${id}`);
    return { judged: { id, status: 'passed', ...summary(findings) } };
  } catch (thrown) {
    return { judged: ended(id, thrown, findings), thrown };
  }
}

function ended(id: string, thrown: unknown, findings: Finding[]): Judged {
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
    // Several assertions of one criterion often find the same thing: it is listed once.
    evidence: [
      ...new Map(of.flatMap(({ evidence }) => evidence).map((each) => [`${each.what}\n${each.output}`, each])).values(),
    ],
  };
}

export { expect };
