import { expect, test } from '@jest/globals';
import { isOwnTool, LABEL, OWNER_LABEL, ownLabels } from '../../helpers/machine/lab-host/labels.ts';

test('the grader’s own tools are what this very process has made, and no part of a submission', () => {
  expect(isOwnTool(ownLabels())).toBe(true);
  expect(isOwnTool(ownLabels('submission'))).toBe(false);
  expect(isOwnTool({})).toBe(false);
});

test('a submission does not hide a container by labels that it can know', () => {
  const forged = { [LABEL]: 'run', 'netgrade.part': 'tool' };
  expect(isOwnTool(forged)).toBe(false);
  expect(isOwnTool({ ...forged, [OWNER_LABEL]: 'another-machine:1:1' })).toBe(false);
});
