/** A student's repository as hand-outs and classroom systems lay it out: which folder of it is which lab. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findStudents, type Student } from '../../helpers/submission/find.ts';
import { labNames } from '../helpers/labs.ts';
import { STARTERS } from '../helpers/starters.ts';

const LAB = 'nginx-flask-mongo';
const KNOWN = [LAB, 'default-bridge', 'netflix'];
/** What every repository has. */
const USUAL = ['README.md', 'LICENSE', '.gitignore', '.github/workflows/autograding.yml', '.devcontainer/compose.yaml'];

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'netgrade-unit-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function put(...files: string[]): void {
  for (const file of files) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), `# ${file}\n`);
  }
}

/** @returns which folder of the repository is which lab. */
function labsIn(labs: string[] = [LAB], given: string[] = []): Record<string, string> {
  const { labs: found } = student(labs, given);
  return Object.fromEntries(
    found.entries().map(([lab, folder]) => [lab, path.relative(root, folder as string) || '.']),
  );
}

function student(labs: string[] = [LAB], given: string[] = []): Student {
  const [only, ...others] = findStudents(root, { students: [], labs, knownLabs: KNOWN, student: 'octo', given });
  expect([only?.name, others]).toEqual(['octo', []]);
  return only!;
}

describe('when one lab is asked for', () => {
  test.each([
    ['at the top', ['compose.yaml', 'nginx/Dockerfile'], '.'],
    ['in a sub-folder of another name', ['nginx_flask_mongodb/docker-compose.yaml'], '.'],
    ['in a sub-folder, deep down', ['exercise/solution/final/run.sh'], '.'],
    ['with two candidates, of which deploying says that there are two', ['a/compose.yaml', 'b/compose.yaml'], '.'],
    ['something that cannot be deployed', ['nginx/Dockerfile'], '.'],
    ['as an archive', ['work.zip'], '.'],
    ['beside documents', ['docs/task.md', 'docs/picture.png', 'work/run.sh'], '.'],
    ['in a folder of its name', [`${LAB}/run.sh`], LAB],
    ['in a folder of its name, in another case', ['Nginx_Flask_Mongo/run.sh'], 'Nginx_Flask_Mongo'],
    ['in a folder of its name beside others', [`${LAB}/run.sh`, 'default-bridge/run.sh', 'old/run.sh'], LAB],
    ['in the only folder that is no other lab', ['default-bridge/run.sh', 'exercise2/run.sh', 'src/a.py'], 'exercise2'],
    ['at the top, beside another lab', ['default-bridge/run.sh', 'compose.yaml'], '.'],
    ['in a folder for labs', [`labs/${LAB}/run.sh`, 'labs/default-bridge/run.sh'], `labs/${LAB}`],
  ])('it is found %s', (_, files, place) => {
    put(...USUAL, ...files);
    expect(labsIn()[LAB]).toBe(place);
    expect(student().nothing).toBeUndefined();
  });

  test.each([
    ['another lab alone', ['default-bridge/run.sh'], /not called as the lab: default-bridge$/],
    ['another lab and two folders, of which nobody knows', ['default-bridge/run.sh', 'a/run.sh', 'b/run.sh'], /a, b/],
  ])('%s is not taken for it', (_, files, why) => {
    put(...USUAL, ...files);
    expect(labsIn()[LAB]).toBeUndefined();
    expect(student().nothing).toMatch(why);
  });
});

describe('nothing is handed in, and it is said what there is', () => {
  test.each([
    ['no file', [], /no file at all/],
    ['what every repository has', USUAL, /: \.devcontainer, \.github, \.gitignore, LICENSE, README\.md$/],
    ['documents', ['README.md', 'docs/task.md', 'docs/images/net.png', 'LICENSE.txt'], /docs/],
    ['empty folders', [`${LAB}/.gitkeep`, 'README.md'], new RegExp(LAB)],
    ['modules of npm', ['node_modules/a/run.sh'], /node_modules/],
    ['a submodule', ['.gitmodules', 'README.md'], /submodule/],
  ])('%s', (_, files, why) => {
    put(...files);
    expect([labsIn(), student().nothing]).toEqual([{}, expect.stringMatching(why)]);
  });

  test('links', () => {
    put('README.md', '.github/compose.yaml');
    symlinkSync('.github', path.join(root, 'work'));
    symlinkSync('.github/compose.yaml', path.join(root, 'compose.yaml'));
    expect([labsIn(), student().nothing]).toEqual([{}, expect.stringContaining('everybody has')]);
  });

  test.each(labNames())('the starter of %s as it was given out; a file more is work', (lab) => {
    const [starter, given] = [path.join(STARTERS, lab), [path.join(STARTERS, lab)]];
    cpSync(starter, root, { recursive: true });
    put(...USUAL);
    expect([labsIn([lab], given), student([lab], given).nothing]).toEqual([{}, expect.stringContaining('README.md')]);
    put('compose.yaml');
    expect(labsIn([lab], given)).toEqual({ [lab]: '.' });
  });

  test.each(labNames())('the example of %s is work', (lab) => {
    cpSync(path.join('submissions/example-good', lab), root, { recursive: true });
    expect(labsIn([lab], [path.join(STARTERS, lab)])).toEqual({ [lab]: '.' });
  });
});

describe('when no lab or several are asked for', () => {
  test('there is a folder for each', () => {
    put(...USUAL, `${LAB}/run.sh`, 'Default_Bridge/run.sh');
    expect(labsIn([])).toEqual({ [LAB]: LAB, 'default-bridge': 'Default_Bridge' });
    expect(labsIn([LAB, 'netflix'])[LAB]).toBe(LAB);
    expect(student([LAB, 'netflix']).nothing).toBeUndefined();
  });

  test('of two folders that could be meant, nobody knows which', () => {
    put('Default_Bridge/run.sh', 'default bridge/run.sh', 'netflix/run.sh');
    expect(labsIn([])).toEqual({ netflix: 'netflix' });
    expect(student([]).unknown).toEqual(['Default_Bridge', 'default bridge']);
  });

  test('one without such folders has to be told its lab', () => {
    put(...USUAL, 'nginx_flask_mongodb/docker-compose.yaml');
    expect(() => student([])).toThrow(/is one submission; say for which lab with --lab/);
  });

  test('files of which none could be a lab are no lab', () => {
    put('work/notes.py');
    expect(student([])).toMatchObject({ labs: new Map(), unknown: ['work'], nothing: expect.stringContaining('work') });
  });
});
