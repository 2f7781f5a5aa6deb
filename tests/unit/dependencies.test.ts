import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { documentedTable } from '../helpers/documented-table.ts';

const DOCS = 'docs/dependencies.md';

interface Locked {
  license?: string;
  hasInstallScript?: true;
  resolved?: string;
  integrity?: string;
}

/** An import that is there when the program runs: the package's name is the first group. */
const IMPORT =
  /(?:^(?:import|export)\s(?!type\b)(?:[^;']*?from\s)?|\b(?:import|require)\()'((?:@[^/']+\/)?[^@./'][^/']*)/gm;
/** Dependencies that no module of ours imports. */
const NAMED_ONLY = {
  jest: 'whoever writes a spec runs `npx jest`',
  'ts-jest': 'Jest loads it by its name',
  typescript: 'ts-jest loads it',
};

const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: Record<string, string> };
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Locked> };
const locked = Object.entries(packages)
  .filter(([folder]) => folder !== '')
  .map(([folder, each]) => ({ name: folder.replace(/^.*node_modules\//, ''), ...each }));

function countsOf(values: string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

test('every licence is named with the number of its packages, and so is who names none', () => {
  const counts = countsOf(locked.flatMap(({ license }) => license ?? []));
  const [, ...rows] = documentedTable(DOCS, 'licence');
  expect(new Map(rows.map(([licence = '', number]) => [licence, Number(number)]))).toEqual(counts);
  const nameless = locked.filter(({ license }) => license === undefined).map(({ name }) => `\`${name}\``);
  expect(readFileSync(DOCS, 'utf8')).toContain(`MIT: ${nameless.join(', ')}.`);
});

test('grading installs what helpers and specs import, and nothing else', () => {
  const sources = ['helpers', 'specs'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => readFileSync(path.join(folder, name), 'utf8')),
  );
  const imports = sources.flatMap((text) => [...text.matchAll(IMPORT)].map(([, name]) => name!));
  // That nothing is imported besides is a rule of .dependency-cruiser.mjs.
  const unused = Object.keys(dependencies).filter((name) => !imports.includes(name) && !(name in NAMED_ONLY));
  expect(unused).toEqual([]);
});

test('the oldest Node that package.json lets in is of the line that tests run on: an older one does not know `using`', () => {
  const { engines } = JSON.parse(readFileSync('package.json', 'utf8')) as { engines: { node: string } };
  expect(engines.node).toBe(`>=${readFileSync('.nvmrc', 'utf8').trim()}`);
});

test('no install script runs, and every package that has one is accounted for', () => {
  expect(readFileSync('.npmrc', 'utf8')).toMatch(/^ignore-scripts=true$/m);
  const [, ...rows] = documentedTable(DOCS, 'package');
  const scripts = locked.filter((each) => each.hasInstallScript).map(({ name }) => `\`${name}\``);
  expect(rows.map(([name]) => name)).toEqual([...new Set(scripts)].sort());
});

test('the lock file has a checksum of every package, and no download address', () => {
  expect(locked.filter(({ integrity }) => integrity === undefined)).toEqual([]);
  expect(locked.filter(({ resolved }) => resolved !== undefined)).toEqual([]);
});
