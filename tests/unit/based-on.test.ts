/** Each verdict says which sections of the survey it was based on. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { specOf, type Condition } from '../../helpers/judge/criterion.ts';
import { matchers } from '../../helpers/judge/matcher.ts';
import { noteSections, SURVEY, surveyUnderTest, VERDICTS } from '../../helpers/judge/spec-context.ts';
import type { Verdict } from '../../helpers/lab/verdict.ts';
import type { Survey } from '../../helpers/survey/facts.ts';
import { criterionRecord } from '../../helpers/report/recording.ts';
import { labOfRules, verdict } from '../helpers/watched.ts';

const globals = globalThis as unknown as { [SURVEY]: string; [VERDICTS]?: string[] };
globals[SURVEY] = JSON.stringify({ roles: {}, networks: [], reach: [], outside: { ports: [] }, unstable: {} });
const survey = surveyUnderTest();
const LAB = labOfRules({ one: 'One', two: 'Two' });

expect.extend(
  matchers({
    toHaveNothing: (section: unknown[]) => ({ pass: section.length === 0, expected: '', actual: '', evidence: [] }),
  }),
);
const nothing = (section: unknown[]): void => {
  // eslint-disable-next-line jest/valid-expect -- the rule does not see through the type
  const asserted = expect(section) as unknown as { toHaveNothing(): void };
  asserted.toHaveNothing();
};

describe('a spec that reads one section while it is loaded', () => {
  const { criterion, need } = specOf(LAB);
  const role = survey.roles['nobody'];
  const stable = (): Condition => ({ holds: Object.keys(survey.unstable).length === 0, because: '' });
  criterion('one', { needs: [need('two', stable)] }, () => {
    nothing(survey.reach);
  });
  criterion('two', () => {
    nothing(role === undefined ? survey.outside.ports : survey.networks);
  });

  test('leaves verdicts that are based on it and on what each criterion reads itself', () => {
    const verdicts = (globals[VERDICTS] ?? []).map((text) => JSON.parse(text) as Verdict);
    expect(verdicts.map(({ id, basedOn }) => [id, basedOn])).toEqual([
      ['one', ['reach', 'roles', 'unstable']],
      ['two', ['outside', 'roles']],
    ]);
  });
});

describe('sections', () => {
  let own: Survey;
  beforeAll(() => {
    own = surveyUnderTest();
  });

  test('are noted when they are taken out by destructuring', () => {
    const { basedOn } = noteSections(() => {
      const { networks, reach } = own;
      return [networks, reach];
    });
    expect(basedOn).toEqual(['networks', 'reach', 'roles']);
  });

  test('that one criterion reads are not the next one’s', () => {
    noteSections(() => own.outside);
    expect(noteSections(() => own.networks).basedOn).not.toContain('outside');
  });
});

test('a student’s record does not have them', () => {
  expect(criterionRecord(LAB, verdict('one', 'passed', { basedOn: ['reach'] }))).not.toHaveProperty('basedOn');
});
