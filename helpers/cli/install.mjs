/**
 * Installs what a program needs and the checkout does not have yet: node modules, and a Node where the machine's own one
 * is too old. Plain JavaScript for Node 18: nothing is there yet that it could import.
 */
import { spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  cpSync,
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Not in node_modules, which `npm ci` removes, and not in helpers/, whose content tells graders and workers apart. */
const OWN_NODE = '.cache/own-node';
/** What an install changes, from the checkout's root. After a run with sudo, any of them may be root's. */
const CHANGED = ['.', OWN_NODE, 'node_modules', 'node_modules/.bin', 'node_modules/.cache/netgrade/compiled'];
/** For what npm downloads, where it cannot use the user's own. */
const NPM_CACHE = '.cache/npm';
/** The npm package that has Node for this kind of machine, where there is one. */
const NODE_PACKAGE = `node-${process.platform}-${process.arch}`;
/** Source maps and declarations: only debuggers and editors read them, and they are a fifth of what is installed. */
const UNREAD = /\.[cm]?js\.map$|\.d\.[cm]?ts(\.map)?$/;

/** It could not be installed; the message says what to do. */
export class InstallError extends Error {}

/**
 * Makes sure that the node modules are there in the lock file's versions.
 *
 * @param root The checkout.
 * @param kind What grading needs, or everything: what tests, lint and measurements need, too. What is there and not
 *   needed stays.
 * @throws {InstallError}
 */
export function ensureModules(root, kind) {
  const modules = path.join(root, 'node_modules');
  if (missing(packagesIn(path.join(root, 'package-lock.json')), installedIn(modules), kind).length === 0) return;
  needWritable(root);
  console.error(`netgrade: installing node modules (npm ci${kind === 'grading' ? ' --omit=dev' : ''}) …`);
  // `npm ci` begins by removing what is there.
  npmCi(root, root, [kind === 'grading' ? '--omit=dev' : '--include=dev']);
  if (kind === 'grading') removeUnread(modules);
}

/**
 * @param wanted Packages by their places, from the lock file.
 * @param installed The same, from what npm noted down at the end of an install.
 * @returns the places whose package is missing or has another version. What is optional may be for other machines.
 */
export function missing(wanted, installed, kind) {
  return Object.entries(wanted)
    .filter(([place, { dev, optional, devOptional }]) => {
      const needed = place !== '' && !optional && !devOptional && (kind === 'everything' || !dev);
      return needed && installed[place]?.version !== wanted[place].version;
    })
    .map(([place]) => place);
}

/**
 * @param root The checkout.
 * @returns a Node that runs the programs: the one that runs this, or one that is installed beside it.
 * @throws {InstallError} when this one is too old, and there is no other for this kind of machine.
 */
export function ensureNode(root) {
  const { engines } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const needed = engines.node.replace('>=', '');
  if (!isOlder(process.versions.node, needed)) return process.execPath;
  const locked = path.join(root, 'helpers/cli/own-node');
  const wanted = packagesIn(path.join(locked, 'package-lock.json'))[`node_modules/${NODE_PACKAGE}`];
  const tooOld = `needs Node ${needed} or later, and this is Node ${process.versions.node}`;
  const instead = 'Install a newer one (https://nodejs.org/en/download), then run the same command again.';
  if (wanted === undefined) throw new InstallError(`${tooOld}. ${instead}`);
  const folder = path.join(root, OWN_NODE);
  const installed = installedIn(path.join(folder, 'node_modules'))[`node_modules/${NODE_PACKAGE}`];
  const node = path.join(folder, 'node_modules', NODE_PACKAGE, 'bin/node');
  if (installed?.version !== wanted.version || !existsSync(node)) {
    needWritable(root);
    console.error(`netgrade: ${tooOld}: installing Node ${wanted.version} into ${path.relative(root, folder)} …`);
    try {
      cpSync(locked, folder, { recursive: true });
    } catch (error) {
      throw new InstallError(`${tooOld}. Another one cannot be put into ${folder}: ${error.message}. ${instead}`);
    }
    npmCi(root, folder, []);
    // npm says nothing when a package for some machines only cannot be had.
    if (spawnSync(node, ['--version']).status !== 0)
      throw new InstallError(`${tooOld}. Another one could not be installed, or does not run here. ${instead}`);
  }
  return node;
}

/** npm's scripts and npx look for `node` there first: whatever they start runs on the same Node. */
export function offerNode(root, node) {
  const link = path.join(root, 'node_modules/.bin/node');
  // It may be the one that runs this: `npm ci` has removed the link to it.
  if (!node.startsWith(path.join(root, OWN_NODE)) || existsSync(link)) return;
  try {
    rmSync(link, { force: true }); // one that leads nowhere
    symlinkSync(path.relative(path.dirname(link), node), link);
  } catch {
    // A checkout may be read-only. Only whoever starts npx by hand there needs it.
  }
}

/** @returns whether a version, e.g. 20.1.0, is older than another, e.g. 24. */
export function isOlder(version, than) {
  return version.localeCompare(than, 'en', { numeric: true }) < 0;
}

function packagesIn(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}

/** npm writes the file at the end of an install. */
function installedIn(modules) {
  const file = path.join(modules, '.package-lock.json');
  return existsSync(file) ? packagesIn(file) : {};
}

/** @throws {InstallError} naming what this user may not change, and what to do. */
function needWritable(root) {
  const places = CHANGED.flatMap((place) => {
    const parts = place.split('/');
    return parts.map((_, i) => path.join(root, ...parts.slice(0, i + 1)));
  });
  const closed = places.find((place) => existsSync(place) && !isWritable(place));
  if (closed === undefined) return;
  const isRoots = lstatSync(closed).uid === 0 && closed !== root;
  throw new InstallError(
    isRoots
      ? `${closed} belongs to root, as after a run with sudo, so nothing can be installed there. Give it back with \`sudo chown -R "$(id -un)" ${root}\`, then run the same command again, without sudo.`
      : `this user may not write in ${closed}, so nothing can be installed there. Clone the repository into a folder of your own, then run the same command there.`,
  );
}

function isWritable(place) {
  try {
    accessSync(place, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** @returns how npm is started on a system: a script of cmd.exe on Windows, which only a shell runs. */
export function npmCommand(platform = process.platform) {
  return platform === 'win32' ? { command: 'npm.cmd', shell: true } : { command: 'npm', shell: false };
}

/** @returns '' for a user who has none, and no name either, as in some containers. */
function homeFolder() {
  try {
    return os.homedir();
  } catch {
    return '';
  }
}

/** @returns the option for npm's cache, where the user's own cannot be used: no home, or root's after a run with sudo. */
function cacheOption(root) {
  const home = homeFolder();
  const usual = process.env.npm_config_cache ?? path.join(home, process.platform === 'win32' ? 'AppData' : '.npm');
  const places = [usual, path.join(usual, '_cacache'), path.join(usual, '_cacache/tmp')].filter((place) =>
    existsSync(place),
  );
  const isUsable = places.length > 0 ? places.every(isWritable) : existsSync(home) && isWritable(home);
  return isUsable ? [] : [`--cache=${path.join(root, NPM_CACHE)}`];
}

function npmCi(root, folder, options) {
  const { command, shell } = npmCommand();
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', ...options];
  const { status, stdout, stderr, error } = spawnSync(command, [...args, ...cacheOption(root)], {
    cwd: folder,
    encoding: 'utf8',
    shell,
  });
  rmSync(path.join(root, NPM_CACHE), { recursive: true, force: true });
  if (status === 0) return;
  const said = `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`.trim();
  const what = `what is needed could not be installed (\`npm ci\` in ${folder}).`;
  if (error?.code === 'ENOENT')
    throw new InstallError(`${what} There is no command npm here: install it together with Node.`);
  const where = /\b(EACCES|EPERM|EROFS|ENOSPC)\b/.test(said)
    ? 'May this user write there and in npm’s cache, and is there room on the disk?'
    : 'Is the npm registry in reach?';
  throw new InstallError(`${what} ${where} npm said:\n${said}`);
}

function removeUnread(modules) {
  for (const name of readdirSync(modules, { recursive: true })) {
    // The compiler reads its own declarations.
    if (UNREAD.test(name) && !name.startsWith(`typescript${path.sep}`)) rmSync(path.join(modules, name));
  }
}
