/**
 * Tests of one matcher over surveys: one that holds, one that fails, and one that allows no conclusion. Each case changes a
 * recorded survey in one place, and names the words by which a reader recognises why it ends as it does.
 */
import { describe, expect, test } from '@jest/globals';
import { Lab } from '../../helpers/judge/lab-under-test.ts';
import { Inconclusive, keepFindings, Withheld } from '../../helpers/judge/matcher.ts';
import '../../helpers/judge/matchers/index.ts';
import type { Finding } from '../../helpers/lab/verdict.ts';
import { misdescribed } from './evidence.ts';
import type { Survey } from '../../helpers/survey/facts.ts';
import { changed } from './surveys.ts';

/**
 * How an assertion ends. `inconclusive` and `withheld` are what a matcher says of itself; `broken`
 * is an error that nobody foresaw, which never passes either.
 */
export type End = 'holds' | 'fails' | 'inconclusive' | 'withheld' | 'broken';

export interface Ending {
  end: End;
  expected: string;
  actual: string;
  /** Commands and what they show, as text. */
  evidence: string;
}

/** What is asserted of a lab, with `expect(…)`. */
export type Assertion = (lab: Lab) => void;

/** The one place where tests of matchers meet the harness of the specs: asserts, and says how that ended. */
export function endingOf(assertion: Assertion, survey: Survey): Ending {
  const findings = keepFindings();
  let thrown: unknown;
  try {
    assertion(new Lab(survey));
  } catch (error) {
    thrown = error;
  }
  expect(misdescribed(findings.flatMap(({ evidence }) => evidence))).toEqual([]);
  const end = endOf(findings, thrown);
  const lines = (text: (finding: Finding) => string): string => findings.map(text).join('\n');
  return {
    end,
    expected: lines(({ expected }) => expected),
    actual: end === 'holds' || end === 'fails' ? lines(({ actual }) => actual) : (thrown as Error).message,
    evidence: lines(({ evidence }) => evidence.map(({ what, output }) => `${what}\n${output}`).join('\n')),
  };
}

function endOf(findings: Finding[], thrown: unknown): End {
  if (thrown instanceof Inconclusive) return 'inconclusive';
  if (thrown instanceof Withheld) return 'withheld';
  if (findings.length === 0) return 'broken';
  // A matcher that finds something wrong has to throw, too: that is what ends a criterion.
  if (findings.every(({ pass }) => pass)) return thrown === undefined ? 'holds' : 'broken';
  return thrown === undefined ? 'broken' : 'fails';
}

/** Sections of a survey in which something was tried, or handed in: what was not tried proves nothing. */
const TRIED: (keyof Survey)[] = ['names', 'reach', 'pings', 'outside', 'databases', 'experiments', 'answers', 'swarm'];

type Change = (draft: Survey) => void;

export interface Case {
  /** What is otherwise than in the recorded survey. */
  change?: Change;
  /** Words that have to be said of what was seen. */
  says: string | string[];
  /** Words that have to be in the evidence, where it matters which. */
  shows?: string | string[];
  /** With what the evidence has to begin: what was seen of the culprit. */
  showsFirst?: string;
  /** Another assertion, with what it expects, or another survey than that of all cases. */
  asserts?: Assertion;
  expects?: string | string[];
  of?: Survey;
}

export type Cases = Record<string, Case>;

export interface MatcherTests {
  /** The survey that the cases change. */
  of: Survey;
  asserts: Assertion;
  /** Words that its expectation has to say, whether or not it is met. */
  expects: string | string[];
  holds: Cases;
  fails: Cases;
  inconclusive?: Cases;
  withheld?: Cases;
  /**
   * Why nothing can be inconclusive: the matcher reads no section of the survey in which something was tried. That is
   * watched in every case.
   */
  settled?: string;
  /** Why it holds of roles that nobody plays; without a reason, it must not. */
  saysNothingOfNobody?: string;
}

/**
 * Declares the tests of a matcher.
 *
 * @param name As it is registered; with `not.` before it for its negative.
 */
export function testMatcher(name: string, { of, asserts, expects, ...tests }: MatcherTests): void {
  const { holds, fails, inconclusive = {}, withheld = {}, settled, saysNothingOfNobody } = tests;
  const ends = Object.entries({ holds, fails, inconclusive, withheld }) as [End, Cases][];
  const rows = ends.flatMap(([end, cases]) => Object.entries(cases).map(([when, each]) => ({ end, when, ...each })));
  const surveyOf = ({ change = () => undefined, of: other = of }: Case): Survey => changed(other, change);

  describe(name, () => {
    test.each(rows)('$end: $when', ({ end, says, shows = [], showsFirst = '', ...each }) => {
      const ending = endingOf(each.asserts ?? asserts, surveyOf({ says, ...each }));
      expect(ending).toMatchObject({ end });
      for (const words of [says].flat()) expect(ending.actual).toContain(words);
      for (const words of [shows].flat()) expect(ending.evidence).toContain(words);
      expect(ending.evidence.slice(0, showsFirst.length)).toBe(showsFirst);
      if (end !== 'holds' && end !== 'fails') return;
      for (const words of [each.expects ?? expects].flat()) expect(ending.expected).toContain(words);
    });

    test('has a case that holds, one that fails, and one without a conclusion unless none can be', () => {
      expect([Object.keys(holds), Object.keys(fails)]).not.toContainEqual([]);
      const undecided = Object.keys({ ...inconclusive, ...withheld }).length;
      expect(settled === undefined).toBe(undecided > 0);
    });

    const read = new Set(rows.flatMap((each) => sectionsRead(each.asserts ?? asserts, surveyOf(each))));
    const tried = TRIED.filter((section) => read.has(section));
    if (settled !== undefined)
      test(`reads nothing that was tried: ${settled}`, () => {
        expect(tried).toEqual([]);
      });

    const emptied: [string, Change][] = [
      ...(read.has('sandboxes') ? [['its sandboxes were not read', noSandboxes] satisfies [string, Change]] : []),
      ...(read.has('roles') && saysNothingOfNobody === undefined
        ? [['no container was found', noContainers] satisfies [string, Change]]
        : []),
    ];
    if (emptied.length > 0)
      test.each(emptied)('does not hold where %s', (_, empty) => {
        expect(endingOf(asserts, changed(of, empty)).end).not.toBe('holds');
      });
  });
}

function noSandboxes(draft: Survey): void {
  for (const each of machinesOf(draft)) each.sandboxes = {};
}

function noContainers(draft: Survey): void {
  for (const each of machinesOf(draft)) Object.assign(each, { roles: {}, containers: [] });
}

function machinesOf(survey: Survey): Survey[] {
  return survey.secondMachine === undefined ? [survey] : [survey, survey.secondMachine];
}

/** Sections that an assertion reads, of both machines. */
function sectionsRead(assertion: Assertion, survey: Survey): string[] {
  const read = new Set<string>();
  const noting = (each: Survey): Survey =>
    new Proxy(each, {
      get: (target, section, self): unknown => {
        if (typeof section === 'string') read.add(section);
        return Reflect.get(target, section, self);
      },
    });
  const second = survey.secondMachine && { secondMachine: noting(survey.secondMachine) };
  endingOf(assertion, noting({ ...survey, ...second }));
  return [...read];
}
