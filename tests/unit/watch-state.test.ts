/** Which verdicts self-test shows, and what is new in them. */
import { describe, expect, test } from '@jest/globals';
import {
  afterLook,
  afterSurvey,
  changesBetween,
  firstTrouble,
  isSettled,
  mayStillChange,
  scoreOf,
  unseen,
  withLab,
  type WatchState,
} from '../../helpers/run/watch/state.ts';
import { labOfRules, settled, verdict } from '../helpers/watched.ts';

const LAB = labOfRules({ runs: 'it runs', attached: 'it is attached', reaches: 'it reaches' });
const good = settled(LAB, [verdict('runs', 'passed'), verdict('attached', 'passed'), verdict('reaches', 'passed')]);
const marks = ({ labs }: WatchState): string[] =>
  labs.flatMap(({ rules }) => rules.map(({ id, status, checking }) => `${id} ${status}${checking ? ' checking' : ''}`));

describe('after a look', () => {
  const verdicts = [
    verdict('runs', 'passed', { basedOn: ['containers', 'roles'] }),
    verdict('attached', 'failed', { basedOn: ['containers'] }),
    verdict('reaches', 'failed', { basedOn: ['containers', 'reach'] }),
  ];
  const look = (state: WatchState, of = verdicts): WatchState =>
    withLab(state, afterLook(state.labs[0]!, LAB, { verdicts: of, sections: new Set(['containers', 'roles']) }));

  test('verdicts based on what was looked at are new, the others keep the last one and are being checked', () => {
    expect(marks(look(good))).toEqual(['runs passed', 'attached failed', 'reaches passed checking']);
  });

  test('before it has taken long, the others keep the mark that they have', () => {
    const early = afterLook(good.labs[0]!, LAB, { verdicts, sections: new Set(['containers', 'roles']) }, false);
    expect(marks(withLab(good, early))).toEqual(['runs passed', 'attached failed', 'reaches passed']);
    const marked = look(good).labs[0]!;
    const again = afterLook(marked, LAB, { verdicts, sections: new Set(['containers', 'roles']) }, false);
    expect(marks(withLab(good, again))).toEqual(['runs passed', 'attached failed', 'reaches passed checking']);
  });

  test('a rule without a last verdict stays unknown', () => {
    expect(marks(look(unseen([LAB], '')))).toEqual(['runs passed', 'attached failed', 'reaches unknown checking']);
  });

  test('what could not be judged waits for the full survey', () => {
    const unjudged = verdicts.map((each) => ({ ...each, status: 'error' as const }));
    expect(marks(look(good, unjudged))).toEqual([
      'runs passed checking',
      'attached passed checking',
      'reaches passed checking',
    ]);
  });

  test('it is settled only after the full survey', () => {
    const looked = look(good);
    const surveyed = withLab(looked, afterSurvey(looked.labs[0]!, LAB, verdicts));
    expect([isSettled(looked), isSettled(surveyed), marks(surveyed)]).toEqual([
      false,
      true,
      ['runs passed', 'attached failed', 'reaches failed'],
    ]);
  });
});

describe('what changed', () => {
  const with2 = (more: Parameters<typeof verdict>[2], status: 'passed' | 'failed' | 'skipped' = 'failed'): WatchState =>
    settled(LAB, [verdict('runs', 'passed'), verdict('attached', status, more), verdict('reaches', 'passed')]);
  const changed = (before: WatchState, after: WatchState): string[] =>
    changesBetween(before, after).map(({ rule }) => `${rule.id} ${rule.status}`);

  test('is a rule with another status', () => {
    expect(changed(good, with2({}))).toEqual(['attached failed']);
  });

  test('is a rule that fails for another reason', () => {
    expect(changed(with2({ actual: 'one' }), with2({ actual: 'other' }))).toEqual(['attached failed']);
  });

  test('is not a rule that holds with other words, or is only being checked', () => {
    const checked = withLab(good, {
      ...good.labs[0]!,
      rules: good.labs[0]!.rules.map((r) => ({ ...r, checking: true })),
    });
    expect([
      changed(with2({ actual: 'one' }, 'passed'), with2({ actual: 'other' }, 'passed')),
      changed(good, checked),
    ]).toEqual([[], []]);
  });
});

describe('the first rule that does not hold', () => {
  const first = (...statuses: Parameters<typeof verdict>[1][]): string | undefined =>
    firstTrouble(
      settled(
        LAB,
        Object.keys(LAB.criteria).map((id, i) => verdict(id, statuses[i]!)),
      ),
    )?.id;

  test.each([
    [['passed', 'passed', 'passed'], undefined],
    [['skipped', 'error', 'failed'], 'reaches'],
    [['skipped', 'error', 'passed'], 'attached'],
    [['passed', 'skipped', 'passed'], 'attached'],
  ] as const)('of %j is %s', (statuses, id) => {
    expect(first(...statuses)).toBe(id);
  });

  test('is rather one that is not being checked', () => {
    const state = settled(LAB, [
      verdict('runs', 'failed'),
      verdict('attached', 'failed'),
      verdict('reaches', 'passed'),
    ]);
    state.labs[0]!.rules[0]!.checking = true;
    expect(firstTrouble(state)?.id).toBe('attached');
  });
});

test('a rule that this host does not allow to be judged counts nothing and is not waited for', () => {
  const withheld = settled(LAB, [
    verdict('runs', 'passed'),
    verdict('attached', 'passed'),
    verdict('reaches', 'skipped', { withheld: true }),
  ]);
  expect([scoreOf(withheld), mayStillChange(withheld), firstTrouble(withheld)]).toEqual([
    { score: 20, maxScore: 20 },
    false,
    undefined,
  ]);
});

test.each(['failed', 'skipped', 'error'] as const)('a rule that is %s may hold a moment later', (status) => {
  const state = settled(LAB, [verdict('runs', 'passed'), verdict('attached', status), verdict('reaches', 'passed')]);
  expect([mayStillChange(good), mayStillChange(state)]).toEqual([false, true]);
});
