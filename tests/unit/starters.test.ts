/** What a course hands out leads to full marks, is handed in as it is, and answers nothing by itself. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { fingerprintOfTexts } from '../../helpers/report/similarity/fingerprint.ts';
import { Material } from '../../helpers/report/similarity/material.ts';
import { parseAnswers, troubleWith } from '../../helpers/submission/answers.ts';
import { readManifest } from '../../helpers/submission/manifest.ts';
import { readSubmission } from '../../helpers/submission/submission.ts';
import { casesOf, layOut } from '../helpers/corpus.ts';
import { labCalled, labNames } from '../helpers/labs.ts';
import { fingerprintOfFolder, NOTHING_SEEN } from '../helpers/similarity.ts';
import { isFilledIn, notMadeFrom, starterFiles, STARTERS } from '../helpers/starters.ts';

let root: string;
beforeAll(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'netgrade-starters-'));
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

test('every lab has a starter, and there is no other', () => {
  const folders = readdirSync(STARTERS, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  expect(folders.map(({ name }) => name).sort()).toEqual([...labNames()].sort());
});

describe.each(labNames())('the starter of %s', (lab) => {
  test('is in a submission of the corpus that gets full marks, in every run of the tests', () => {
    const good = casesOf(lab).filter((each) => each.good && !each.rare);
    for (const each of good) layOut(lab, each, root);
    const missing = good.map(({ name }) => notMadeFrom(lab, path.join(root, name, lab)));
    expect(missing).toContainEqual([]);
  });

  test('can be handed in as it is: its files are read, and submission.yaml names roles of the lab', async () => {
    const { over, texts } = await readSubmission(path.join(STARTERS, lab));
    expect(over).toBeUndefined();
    expect(texts.map(({ file }) => file).sort()).toEqual(starterFiles(lab));
    const roles = (await labCalled(lab)).survey.roles.map(({ name }) => name);
    const { roles: named } = await readManifest(path.join(STARTERS, lab));
    expect(Object.keys(named).filter((role) => !roles.includes(role))).toEqual([]);
  });

  test('is nobody’s own work', async () => {
    const { grams, names } = await fingerprintOfFolder(lab, path.join(STARTERS, lab));
    expect([grams, names]).toEqual(['', []]);
  });
});

describe('answers to be filled in', () => {
  const given = (lab: string): string => readFileSync(path.join(STARTERS, lab, 'answers.yaml'), 'utf8');

  test.each(['inspect-busybox', 'self-check'])(
    '%s asks each question of the lab, in order, and has no answer',
    async (lab) => {
      const answers = parseAnswers(given(lab), 'answers.yaml');
      expect(troubleWith(answers, 'answers.yaml')).toMatch(/^answers.yaml is empty/);
      const { criteria } = await labCalled(lab);
      const questions = Object.keys(criteria).filter((id) => lab === 'self-check' || /^q\d+$/.test(id));
      expect('given' in answers && Object.keys(answers.given)).toEqual(questions);
    },
  );
});

describe('what was made from a starter', () => {
  const script = '#!/bin/bash\n# Start it.\n\n# Connect it.\n';

  test.each([
    ['commands between the lines', script, '#!/bin/bash\nset -e\n# Start it.\ndocker run x\n# Connect it.\n', true],
    ['answers after the colons', 'q1:\nq2: []\n', 'q1: |\n  bridge\nq2: [a, b]\n', true],
    ['a line is missing', script, '#!/bin/bash\n# Start it.\n', false],
    ['the lines are in another order', script, '#!/bin/bash\n# Connect it.\n# Start it.\n', false],
  ])('%s', (_, starter, text, is) => {
    expect(isFilledIn(starter, text)).toBe(is);
  });
});

test.each([
  ['netgrade', []],
  ['the course', ['course']],
])(
  'what %s gives out for one lab is not given for another, and without it the text is somebody’s own',
  async (_, own) => {
    const text = 'def wombat(burrow, depth):\n    for tunnel in burrow.tunnels:\n        yield tunnel.dig(depth * 7)\n';
    const project = mkdtempSync(path.join(root, 'project-'));
    const starter = path.join(project, ...own, 'starters/with');
    for (const folder of [starter, path.join(project, 'submissions')]) mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(starter, 'app.py'), text);
    const ownLabs = own.map((folder) => path.join(project, folder));
    const material = new Material(project, ownLabs);
    const gramsOf = async (name: string): Promise<string> => {
      const given = await material.of({ name, survey: { roles: [] } });
      return fingerprintOfTexts([{ file: 'app/burrow.py', text }], NOTHING_SEEN, given).grams;
    };
    expect(await gramsOf('with')).toBe('');
    expect(await gramsOf('without')).not.toBe('');
  },
);
