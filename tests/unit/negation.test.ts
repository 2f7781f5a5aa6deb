/** `.not` asks a question of its own: a matcher that has no answer to it says so, and never passes. */
import { describe, expect, test } from '@jest/globals';
import '../../helpers/judge/matchers/index.ts';
import { Lab } from '../../helpers/judge/lab-under-test.ts';
import { NOTHING } from '../../helpers/survey/nothing.ts';
import { container } from '../helpers/facts.ts';

const roles = { web: { found: 'one' as const, container: 'web', by: 'container name' } };
const lab = new Lab({ ...NOTHING, containers: [container({ name: 'web' })], roles });
const web = lab.role('web');

describe('a matcher that has no negative of its own', () => {
  test('throws when it is negated, whatever was seen', () => {
    expect(() => {
      expect(web).not.toPublishNothing();
    }).toThrow('expect(…).not.toPublishNothing() cannot be judged: toPublishNothing has no negative');
    expect(() => {
      expect([web]).not.toRunAndStayUp();
    }).toThrow('toRunAndStayUp has no negative');
  });

  test('judges what is stated', () => {
    expect(() => {
      expect(web).toPublishNothing();
      expect([web]).toRunAndStayUp();
    }).not.toThrow();
  });
});

describe('a matcher that has a negative of its own', () => {
  test('judges both', () => {
    const survey = {
      ...lab.survey,
      containers: ['web', 'other'].map((name) => container({ name })),
      sandboxes: { web: { ...NOTHING.host.sandbox, hosts: '10.0.0.9 other' } },
      roles: { ...roles, other: { found: 'one' as const, container: 'other', by: 'container name' } },
    };
    const [here, other] = [new Lab(survey).role('web'), new Lab(survey).role('other')];
    expect(() => {
      expect(here).not.toFindByName('other', other);
    }).not.toThrow();
    expect(() => {
      expect(here).toFindByName('other', other);
    }).toThrow('in web, the name other is not known');
  });
});
