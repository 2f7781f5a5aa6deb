/** Each hand-out stands alone, all have one form, and what they say agrees with what is judged. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { rulesById } from '../../helpers/lab/topology/rules.ts';
import { parseManifest } from '../../helpers/submission/manifest.ts';
import { documentedTable } from '../helpers/documented-table.ts';
import { labCalled, labNames, topologyCalled } from '../helpers/labs.ts';
import { starterFiles } from '../helpers/starters.ts';

const FORM = ['What to do', 'What is given', 'What to hand in', 'Check your own work', 'How it is judged'];
/** The only section beside these. */
const FOR_INSTRUCTORS = 'For instructors';

const pageOf = (lab: string): string => `docs/labs/${lab}.md`;

/** The sections of a page by their headings, in order. */
function sectionsOf(lab: string): Map<string, string> {
  const [, ...sections] = readFileSync(pageOf(lab), 'utf8').split(/^## /m);
  return new Map(
    sections.map((section) => {
      const [heading = '', ...lines] = section.split('\n');
      return [heading, lines.join('\n')];
    }),
  );
}

function section(lab: string, heading: string): string {
  return sectionsOf(lab).get(heading) ?? '';
}

/** The ids of a lab's criteria that ask which names are known. */
function criteriaOnNames(lab: string): string[] {
  const spec = `specs/${lab}.spec.ts`;
  if (!existsSync(spec))
    return [...rulesById(topologyCalled(lab))].filter(([, { rule }]) => rule === 'resolves').map(([id]) => id);
  const [, ...criteria] = readFileSync(spec, 'utf8').split(/^criterion\('/m);
  return criteria.filter((text) => /toResolve|toFindByName/.test(text)).map((text) => text.split("'")[0]!);
}

test('there is a hand-out for each lab, and no other', () => {
  expect(readdirSync('docs/labs').sort()).toEqual(
    labNames()
      .map((lab) => `${lab}.md`)
      .sort(),
  );
});

describe.each(labNames())('the hand-out of %s', (lab) => {
  test('has the form of all others', () => {
    expect(readFileSync(pageOf(lab), 'utf8')).toMatch(new RegExp(`^# ${lab}: \\S`));
    const headings = [...sectionsOf(lab).keys()].filter((heading) => heading !== FOR_INSTRUCTORS);
    expect(headings).toEqual(FORM);
  });

  test('has every criterion with its points, in the order of a report', async () => {
    const [, ...rows] = documentedTable(pageOf(lab), 'rule');
    const { criteria } = await labCalled(lab);
    expect(rows.map(([rule, points]) => [rule, points])).toEqual(
      Object.entries(criteria).map(([id, { points }]) => [`\`${id}\``, String(points)]),
    );
    expect(rows.filter((cells) => cells.length !== 3 || cells[2] === '')).toEqual([]);
  });

  test('names each given file, and says how to begin with them', () => {
    const given = section(lab, 'What is given');
    expect(given).toContain(`(../../starters/${lab}/)`);
    expect(given).toContain(`    cp -r starters/${lab} submissions/you/\n`);
    expect(starterFiles(lab).filter((file) => !given.includes(`\`${file}\``))).toEqual([]);
  });

  test('says where to put what, and shows by one example who is who', async () => {
    const handIn = section(lab, 'What to hand in');
    expect(handIn).toContain(`submissions/you/${lab}/`);
    const { machines, survey } = await labCalled(lab);
    const examples = [...handIn.matchAll(/^ {4}(roles: .*)$/gm)].map(([, example = '']) => parseManifest(example));
    const roles = survey.roles.map(({ name }) => name);
    expect(examples.map((example) => Object.keys(example.roles))).toEqual(machines === 0 ? [] : [roles]);
  });

  test('says what roles: does not do, where names are judged', () => {
    const handIn = section(lab, 'What to hand in');
    expect(criteriaOnNames(lab).filter((id) => !handIn.includes(`\`${id}\``))).toEqual([]);
  });

  test('says how to see the rules while one works, and how to grade one’s own folder', async () => {
    const check = section(lab, 'Check your own work');
    const { machines = 1 } = await labCalled(lab);
    expect(check).toContain(`    npm run grade -- --lab ${lab} you\n`);
    expect(check.includes(`    npm run self-test -- --lab ${lab} you\n`)).toBe(machines === 1);
    expect(check).toContain('`reports/you.html`');
  });
});

test.each([
  ['default-bridge', ['no-names']],
  ['user-defined-bridge', ['names-resolve', 'alpine3-isolated', 'alpine4-reaches-all']],
  ['overlay-network', ['names-resolve']],
  ['nginx-flask-mongo', ['nginx-resolves-flask', 'flask-resolves-mongo']],
  ['host-network', []],
])('the criteria of %s that are about names are found', (lab, ids) => {
  expect(criteriaOnNames(lab)).toEqual(ids);
});
