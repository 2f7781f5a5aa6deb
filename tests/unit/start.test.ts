/** What `npm run …` installs first: in a checkout of two packages, with an npm that only notes down what it is asked for. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';

const GRADE = 'helpers/cli/grade.ts';
const TESTS = 'tests/run.ts';
const NODE_PACKAGE = `node-${process.platform}-${process.arch}`;
const LOCK = {
  packages: {
    '': { version: '1.0.0' },
    'node_modules/used': { version: '1.0.0' },
    'node_modules/tester': { version: '1.0.0', dev: true },
    'node_modules/elsewhere': { version: '1.0.0', optional: true },
  },
};
/** Installs what `npm ci` would, as far as start.mjs looks at it, or fails with a message. */
const NPM = `#!${process.execPath}
import { appendFileSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
const asked = process.argv.slice(2).filter((each) => /^(ci|--omit=dev|--include=dev|--cache=.*)$/.test(each));
appendFileSync(process.env.ASKED, asked.join(' ') + '\\n');
if (process.env.NO_REGISTRY) { console.error('npm error network'); process.exit(1); }
const { packages } = JSON.parse(readFileSync('package-lock.json', 'utf8'));
rmSync('node_modules', { recursive: true, force: true });
const installed = Object.entries(packages).filter(([place, { dev }]) => place && !(dev && asked.includes('--omit=dev')));
for (const [place] of installed) {
  mkdirSync(place + '/bin', { recursive: true });
  for (const file of ['index.js', 'index.js.map', 'index.d.ts']) writeFileSync(place + '/' + file, '');
  if (place.endsWith(${JSON.stringify(NODE_PACKAGE)})) symlinkSync(process.execPath, place + '/bin/node');
}
mkdirSync('node_modules/.bin', { recursive: true });
writeFileSync('node_modules/.package-lock.json', JSON.stringify({ packages: Object.fromEntries(installed) }));
`;

let root: string;

beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'netgrade-start-'));
  put('package.json', { engines: { node: '>=20' }, type: 'module' });
  put('package-lock.json', LOCK);
  put('helpers/cli/own-node/package-lock.json', {
    packages: { [`node_modules/${NODE_PACKAGE}`]: { version: '1.0.0', optional: true } },
  });
  for (const program of [GRADE, TESTS])
    put(program, 'console.log(`ran ${process.execPath} ${process.argv.slice(2)}`);\n');
  for (const name of ['start.mjs', 'install.mjs']) cpSync(`helpers/cli/${name}`, path.join(root, 'helpers/cli', name));
  put('bin/npm', NPM);
  chmodSync(path.join(root, 'bin/npm'), 0o755);
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

function put(name: string, content: string | object): void {
  mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
  writeFileSync(path.join(root, name), typeof content === 'string' ? content : JSON.stringify(content));
}

function start(
  args: string[],
  env: Record<string, string> = {},
  as: { uid?: number; gid?: number } = {},
): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [path.join(root, 'helpers/cli/start.mjs'), ...args], {
    encoding: 'utf8',
    env: { PATH: path.join(root, 'bin'), HOME: root, ASKED: path.join(root, 'asked'), ...env },
    ...as,
  });
}

/** What npm was asked for so far. */
function asked(): string[] {
  const file = path.join(root, 'asked');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
}

const installed = (name: string): boolean => existsSync(path.join(root, 'node_modules', name));

describe('node modules', () => {
  test('for grading are those that grading needs, without what only editors and debuggers read', () => {
    expect(start([GRADE, 'alice', '--live'])).toMatchObject({
      status: 0,
      stdout: `ran ${process.execPath} alice,--live\n`,
    });
    expect(asked()).toEqual(['ci --omit=dev']);
    expect([installed('used/index.js'), installed('used/index.js.map'), installed('used/index.d.ts')]).toEqual([
      true,
      false,
      false,
    ]);
  });

  test('that are there are not installed again, whatever the date of the lock file', () => {
    start([GRADE]);
    const later = new Date(Date.now() + 60_000);
    utimesSync(path.join(root, 'package-lock.json'), later, later);
    expect(start([GRADE]).stderr).toBe('');
    expect(asked()).toHaveLength(1);
  });

  test('for tests are all, which completes what grading has installed', () => {
    start([GRADE]);
    expect(start([TESTS]).status).toBe(0);
    expect(start([TESTS]).status).toBe(0);
    expect(asked()).toEqual(['ci --omit=dev', 'ci --include=dev']);
    expect([installed('tester'), installed('used/index.d.ts')]).toEqual([true, true]);
  });

  test('for tests stay when somebody grades', () => {
    start([TESTS]);
    expect(start([GRADE]).status).toBe(0);
    expect(asked()).toEqual(['ci --include=dev']);
    expect(installed('tester')).toBe(true);
  });

  test('of another version than the lock file says are replaced; for grading, those that it needs', () => {
    start([GRADE]);
    const { packages } = LOCK;
    put('package-lock.json', { packages: { ...packages, 'node_modules/tester': { version: '2.0.0', dev: true } } });
    start([GRADE]);
    expect(asked()).toHaveLength(1);
    put('package-lock.json', { packages: { ...packages, 'node_modules/used': { version: '2.0.0' } } });
    start([GRADE]);
    expect(asked()).toHaveLength(2);
  });

  test('that cannot be installed end the command with what npm said', () => {
    const { status, stderr } = start([GRADE], { NO_REGISTRY: '1' });
    expect(status).toBe(2);
    expect(stderr).toMatch(/could not be installed .*registry in reach\? npm said:\nnpm error network/);
  });
});

describe('a user without root', () => {
  /** Root may write everywhere, so the tests of root are done as nobody. */
  const NOBODY = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};

  test('who may not write in the checkout is told to clone it elsewhere', () => {
    chmodSync(root, 0o555);
    const { status, stderr } = start([GRADE], {}, NOBODY);
    chmodSync(root, 0o755);
    expect([status, asked()]).toEqual([2, []]);
    expect(stderr).toMatch(/^netgrade: this user may not write in .* Clone the repository into a folder of your own/);
  });

  test.each(['node_modules', '.cache'])('is told that %s is root’s, after a run with sudo', (folder) => {
    if (process.getuid?.() !== 0) return; // nobody else can make a folder of root's
    mkdirSync(path.join(root, folder));
    chmodSync(root, 0o777);
    const { status, stderr } = start([GRADE], {}, NOBODY);
    expect([status, asked()]).toEqual([2, []]);
    expect(stderr).toMatch(new RegExp(`${folder} belongs to root, .*sudo chown -R "\\$\\(id -un\\)"`));
  });

  test('without a home gets a cache for npm in the checkout, which is removed again', () => {
    expect(start([GRADE], { HOME: '/nowhere' }).status).toBe(0);
    expect(asked()).toEqual([`ci --omit=dev --cache=${path.join(root, '.cache/npm')}`]);
    expect(existsSync(path.join(root, '.cache/npm'))).toBe(false);
  });
});

test('npm is a script of cmd.exe on Windows, which Node starts by a shell only', () => {
  const program = `import { npmCommand } from './helpers/cli/install.mjs';
    console.log(JSON.stringify(['win32', 'darwin'].map(npmCommand)));`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' });
  expect(JSON.parse(stdout)).toEqual([
    { command: 'npm.cmd', shell: true },
    { command: 'npm', shell: false },
  ]);
});

test('a user who has no home and no name can be told why Docker is not there', () => {
  const program = `import { surroundings } from './helpers/machine/setup/surroundings.ts'; surroundings(); console.log('fine');`;
  const nobody = process.getuid?.() === 0 ? { uid: 54_321, gid: 54_321 } : {};
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', program];
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env: {}, ...nobody });
  expect([stdout, stderr]).toEqual(['fine\n', '']);
});

describe('a Node that is too old', () => {
  beforeEach(() => {
    put('package.json', { engines: { node: '>=99.1' }, type: 'module' });
  });

  test('gets another one beside it, once, which npm’s scripts and npx find', () => {
    const own = path.join(root, `.cache/own-node/node_modules/${NODE_PACKAGE}/bin/node`);
    expect(start([GRADE])).toMatchObject({
      status: 0,
      stderr: expect.stringMatching(/needs Node 99\.1 or later, and this is Node/),
    });
    expect(asked()).toEqual(['ci', 'ci --omit=dev']);
    expect(path.resolve(root, 'node_modules/.bin', readlinkSync(path.join(root, 'node_modules/.bin/node')))).toBe(own);
    expect(start([TESTS])).toMatchObject({ status: 0 });
    expect(asked()).toEqual(['ci', 'ci --omit=dev', 'ci --include=dev']);
  });

  test('is told where to get another one, where none can be put into the checkout', () => {
    put('.cache', 'a file where the folder would be');
    const { status, stderr } = start([GRADE]);
    expect(status).toBe(2);
    expect(stderr).toMatch(/Another one cannot be put into .*own-node: .* Install a newer one \(https:\/\/nodejs\.org/);
    expect(stderr).not.toMatch(/\n {4}at /);
  });

  test.each(['start.mjs', 'install.mjs'])('runs %s: it uses nothing that Node 18 does not have', (name) => {
    expect(readFileSync(path.join('helpers/cli', name), 'utf8')).not.toMatch(/import\.meta\.(dirname|filename)/);
  });

  test('is told where to get another one, where npm has none for this kind of machine', () => {
    put('helpers/cli/own-node/package-lock.json', { packages: {} });
    const { status, stderr } = start([GRADE]);
    expect(status).toBe(2);
    expect(stderr).toMatch(
      /^netgrade: needs Node 99\.1 or later, and this is Node [\d.]+\. Install a newer one \(https:\/\/nodejs\.org/,
    );
    expect(asked()).toEqual([]);
  });
});
