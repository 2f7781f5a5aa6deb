/**
 * usage: node start.mjs PROGRAM.ts [arguments]
 *
 * The first thing every npm script runs: installs the node modules when they are missing or older than the lock file,
 * then hands over to PROGRAM on a Node that runs TypeScript. Plain JavaScript for Node 20, without a single module.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
/** testcontainers needs it; Node runs TypeScript as it stands from 22.18 on. */
const NEEDED = [22, 22];
/** npm writes it at the end of an install. */
const installed = path.join(root, 'node_modules/.package-lock.json');
const lock = path.join(root, 'package-lock.json');

function modulesAreCurrent() {
  if (!existsSync(installed)) return false;
  if (statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return true;
  // A fresh checkout gives the lock file a new date: what counts is what it says.
  const versions = (file) =>
    Object.entries(JSON.parse(readFileSync(file, 'utf8')).packages)
      .filter(([name]) => name !== '')
      .map(([name, { version }]) => `${name}@${version}`);
  const have = new Set(versions(installed));
  const optional = new Set(
    Object.entries(JSON.parse(readFileSync(lock, 'utf8')).packages)
      .filter(([, { optional }]) => optional)
      .map(([name, { version }]) => `${name}@${version}`),
  );
  return versions(lock).every((each) => have.has(each) || optional.has(each));
}

function installModules() {
  console.error('netgrade: installing node modules (npm ci) …');
  // Without lifecycle variables of the npm script we are in, and on npm's own output only when it fails.
  const { status, stdout, stderr } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    encoding: 'utf8',
  });
  if (status === 0) return;
  console.error(`${stdout ?? ''}${stderr ?? ''}`);
  console.error(
    'netgrade: the node modules could not be installed. Is the npm registry in reach? `npm ci` shows more.',
  );
  process.exit(2);
}

function suitableNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  if (major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1])) return process.execPath;
  const ours = path.join(root, `node_modules/node-${process.platform}-${process.arch}/bin/node`);
  if (existsSync(ours)) return ours;
  console.error(
    `netgrade: needs Node ${NEEDED.join('.')} or later; this is ${process.versions.node}, and none came with the node modules.`,
  );
  process.exit(2);
}

if (!modulesAreCurrent()) installModules();
const [program, ...args] = process.argv.slice(2);
// One Node for everything that is started from here on.
const node = suitableNode();
// Node calls its removing of types experimental; nobody who grades wants to read that.
const child = spawn(
  node,
  ['--disable-warning=ExperimentalWarning', path.join(root, program), ...args],
  {
    stdio: 'inherit',
    env: {
      ...process.env,
      PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}`,
      // Compiled code is kept from run to run: half of what a run of ours takes of the processor is compiling.
      NODE_COMPILE_CACHE: path.join(root, 'node_modules/.cache/netgrade/compiled'),
    },
  },
);
// The terminal sends Ctrl-C to both of us; the program cleans up, we wait for it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.once('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
