import { describe, expect, test } from '@jest/globals';
import { ABILITIES, limitsOf, WAYS, wayOf } from '../../helpers/machine/lab-host/limits.ts';
import { documentedTable } from '../helpers/documented-table.ts';

describe('what a kind of host can judge', () => {
  test('is what docs/hosts.md says', () => {
    const heads = WAYS.map((way) => `\`${way.replace(' live', ' --live')}\``);
    expect(documentedTable('docs/hosts.md', 'what')).toEqual([
      ['what', ...heads],
      ...ABILITIES.map(({ what, on }) => [what, ...WAYS.map((way) => on[way])]),
    ]);
  });

  test('is everything on a machine of ours, and less elsewhere', () => {
    expect(limitsOf('disposable')).toEqual([]);
    expect(limitsOf(wayOf('ssh', false))).toContainEqual(expect.stringMatching(/^`overlay-network`: no: /));
    expect(limitsOf(wayOf('local', true))).toContainEqual(expect.stringMatching(/^`end-to-end`.*--allow-disturb/));
  });
});
