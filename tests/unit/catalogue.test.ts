import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { maxScoreOf, type LabDefinition } from '../../helpers/lab/lab-definition.ts';
import { labCalled, labNames } from '../helpers/labs.ts';

describe.each(labNames())('%s', (name) => {
  let lab: LabDefinition;

  beforeAll(async () => {
    lab = await labCalled(name);
  });

  test('it is called as its file', () => {
    expect(lab.name).toBe(name);
  });

  test('its points sum to 100', () => {
    expect(maxScoreOf(lab)).toBe(100);
  });

  test('every criterion has an id as the contract writes them, a title and a hint that is not the title', () => {
    for (const [id, { title, hint }] of Object.entries(lab.criteria)) {
      expect(id).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(title.length).toBeGreaterThan(10);
      expect(hint.length).toBeGreaterThan(20);
    }
  });

  test('every criterion has an explanation: one or two sentences beside its hint, with no command to copy', () => {
    for (const { hint, explanation = '' } of Object.values(lab.criteria)) {
      expect(explanation).toMatch(/^[A-Z].{60,}\.$/i);
      expect(explanation.split(/[.!?] (?=[A-Z])/i).length).toBeLessThanOrEqual(2);
      expect(explanation).not.toContain('`');
      expect(explanation).not.toBe(hint);
    }
  });

  test('it has a hand-out and an example', () => {
    expect(existsSync(`docs/labs/${lab.name}.md`)).toBe(true);
    expect(existsSync(`submissions/example-good/${lab.name}`)).toBe(true);
  });

  test('its picture is of its own roles and networks', () => {
    const { networks = [], containers = [], reach = [] } = lab.wanted ?? {};
    const roles = lab.survey.roles.map(({ name }) => name);
    const named = networks.map(({ name }) => name);
    expect(containers.map(({ role }) => role)).toEqual(lab.wanted === undefined ? [] : roles);
    expect(containers.flatMap((each) => each.networks).filter((each) => !named.includes(each))).toEqual([]);
    expect(reach.flatMap(({ from, to }) => [from, to]).filter((role) => !roles.includes(role))).toEqual([]);
  });
});
