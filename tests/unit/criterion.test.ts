/** How a criterion ends: by what it declares, by what its body states, and when something is wrong with the spec. */
import { describe, expect, test } from '@jest/globals';
import { check, judge, type Condition, type CriterionOptions, type Need } from '../../helpers/judge/criterion.ts';
import { failureOf } from '../../helpers/judge/failure-message.ts';
import { Lab } from '../../helpers/judge/lab-under-test.ts';
import { either, mayBeDisturbed } from '../../helpers/judge/matchers/conditions.ts';
import '../../helpers/judge/matchers/index.ts';
import { changed, recorded } from '../helpers/surveys.ts';

const lab = new Lab(recorded('none-network'));
const isolated = lab.role('isolated');
const nobody = lab.role('nobody');
const passes = (): void => {
  expect(isolated).toHaveOnlyLoopback();
};
const fails = (): void => {
  expect([nobody]).toRunAndStayUp();
};

function needing(id: string, ...holding: boolean[]): Need {
  return { id, conditions: holding.map((holds, i) => () => ({ holds, because: `condition ${i} of ${id}` })) };
}

function endOf(options: CriterionOptions, body: () => void): Record<string, unknown> {
  const { status, blockedBy, withheld, actual } = judge('a-rule', options, body).judged;
  return { status, ...(blockedBy && { blockedBy }), ...(withheld && { withheld }), actual };
}

describe('what a criterion needs', () => {
  test('stands in its way when it is not met, whatever the body would have found', () => {
    const needs = [needing('first', true, true), needing('second', true, false), needing('third', false)];
    const blocked = { status: 'skipped', blockedBy: 'second', actual: 'condition 1 of second' };
    expect(endOf({ needs }, passes)).toEqual(blocked);
    expect(endOf({ needs }, fails)).toEqual(blocked);
  });

  test('is asked in order: what comes after the first that is not met is not asked', () => {
    const asked: string[] = [];
    const later = (): Condition => {
      asked.push('later');
      return { holds: true, because: '' };
    };
    const needs = [needing('first', false), { id: 'second', conditions: [later] }];
    expect([endOf({ needs }, passes), asked]).toMatchObject([{ blockedBy: 'first' }, []]);
  });

  test('to pass stands in the way of a pass, and not of a fail', () => {
    const toPass = [needing('running', false)];
    expect(endOf({ toPass }, passes)).toMatchObject({ status: 'skipped', blockedBy: 'running' });
    expect(endOf({ toPass }, fails)).toMatchObject({ status: 'failed' });
    expect(endOf({ toPass: [needing('running', true)] }, passes)).toMatchObject({ status: 'passed' });
  });

  test('can be said in the body, of the next statement', () => {
    const checked = (): void => {
      passes();
      check(needing('second', false));
      fails();
    };
    expect(endOf({}, checked)).toMatchObject({ status: 'skipped', blockedBy: 'second' });
  });

  test('may be one of two; what is missing is said of the second', () => {
    const is = (holds: boolean, because = ''): Condition => ({ holds, because });
    expect([either(is(true), () => is(false)).holds, either(is(false), () => is(true)).holds]).toEqual([true, true]);
    expect(either(is(false, 'first'), () => is(false, 'second'))).toEqual({ holds: false, because: 'second' });
  });
});

test('a criterion is withheld where the host does not allow the question, before anything else is asked', () => {
  const inUse = changed(lab.survey, (draft) => {
    draft.experiments = { backendAway: [], withheld: 'others work on this machine' };
  });
  const onlyWhere = (): Condition => mayBeDisturbed(new Lab(inUse));
  const needs = [needing('running', false)];
  expect(endOf({ onlyWhere, needs }, fails)).toEqual({
    status: 'skipped',
    withheld: true,
    actual: 'others work on this machine',
  });
  expect(endOf({ onlyWhere: () => mayBeDisturbed(lab) }, passes)).toMatchObject({ status: 'passed' });
});

describe('a fault of the spec is an error, and never a pass', () => {
  test('a criterion that states nothing', () => {
    expect(endOf({}, () => undefined)).toMatchObject({
      status: 'error',
      actual: 'could not be judged: the spec asserts nothing for a-rule',
    });
  });

  test('a matcher that is negated and has no negative, whether what it states holds or not', () => {
    for (const role of [isolated, lab.role('nobody')]) {
      const end = endOf({}, () => {
        expect([role]).not.toRunAndStayUp();
      });
      expect(end).toMatchObject({ status: 'error', actual: expect.stringContaining('has no negative') });
    }
  });
});

describe('what an author reads of a criterion that is not passed', () => {
  const messageOf = (options: CriterionOptions, body: () => void): string => {
    const { judged, thrown } = judge('a-rule', options, body);
    return failureOf({ ...judged, basedOn: [] }, thrown).message;
  };

  test('says first how it ended, and of a fail what was expected, seen and looked at', () => {
    expect(messageOf({}, fails)).toMatch(
      /^FAILED\nexpected: .*\nseen: {5}no container found for the role nobody\n\n\$ docker ps/,
    );
    expect(messageOf({ needs: [needing('running', false)] }, passes)).toBe(
      'SKIPPED: running has to be met first\nbecause:  condition 0 of running',
    );
    expect(messageOf({ onlyWhere: () => ({ holds: false, because: 'it is in use' }) }, passes)).toMatch(/^WITHHELD: /);
    expect(messageOf({}, () => undefined)).toMatch(/^ERROR: /);
  });

  test('has no lines of the helpers in its stack, unless the spec or a matcher is at fault', () => {
    const stackOf = (body: () => void): string => {
      const { judged, thrown } = judge('a-rule', {}, body);
      return failureOf({ ...judged, basedOn: [] }, thrown).stack ?? '';
    };
    expect(stackOf(fails)).not.toMatch(/^ +at /m);
    const negated = stackOf(() => {
      expect([isolated]).not.toRunAndStayUp();
    });
    expect(negated).toMatch(/^ +at .*helpers.judge.matcher\.ts/m);
  });
});
