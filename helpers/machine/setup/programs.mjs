/**
 * The command lines, each made into one file and a few more that are loaded when they are needed: Node takes three times
 * as long to find, read and check the two thousand modules that a program imports.
 *
 * They are made again when anything that they were made of has changed. Plain JavaScript for Node 20, without a single
 * module until there is something to make.
 */
import { spawnSync } from 'node:child_process';
import {
  accessSync,
  constants,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.resolve(import.meta.dirname, '../../..');
const SOURCES = 'helpers/cli';
/** In a place that no checkout has and every installation may write to. */
const MADE = 'node_modules/.cache/netgrade/programs';
/** What each made program was made of. */
const INPUTS = path.join(root, MADE, 'inputs.json');
/** In each file: modules of the older kind ask for others while they run, and some want to know where they are. */
const BANNER = `import { createRequire as requireFrom } from 'node:module';
const require = requireFrom(import.meta.url), madeIn = import.meta.dirname;`;
/** Files of an earlier making may still be loaded by a program that runs. */
const OUTDATED_MS = 86_400_000;

/**
 * @param program A file of the checkout.
 * @param node The Node to make it with.
 * @returns the file to start instead; the same one where it is no command line, or nothing can be written.
 */
export function startable(program, node) {
  if (path.dirname(program) !== SOURCES) return program;
  const made = path.join(MADE, `${path.basename(program, '.ts')}.mjs`);
  if (areCurrent()) return made;
  if (!mayBeMade()) return program;
  // In a process of its own: what makes them is large.
  const { status } = spawnSync(node, [fileURLToPath(import.meta.url)], { stdio: 'ignore' });
  return status === 0 ? made : program;
}

function areCurrent() {
  try {
    const inputs = JSON.parse(readFileSync(INPUTS, 'utf8'));
    return Object.entries(inputs).every(([file, mark]) => mark === markOf(file));
  } catch {
    return false; // there are none, or one of the files is gone
  }
}

function mayBeMade() {
  try {
    accessSync(path.join(root, 'node_modules'), constants.W_OK);
    return true;
  } catch {
    return false; // a checkout may be read-only
  }
}

function markOf(file) {
  const { mtimeMs, size } = statSync(path.join(root, file));
  return `${mtimeMs} ${size}`;
}

async function make() {
  const { build } = await import('esbuild');
  const { scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const programs = Object.values(scripts)
    .flatMap((command) => command.split(' '))
    .filter((word) => path.dirname(word) === SOURCES);
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: programs,
    outdir: MADE,
    outExtension: { '.js': '.mjs' },
    ...{ bundle: true, splitting: true, metafile: true, write: false, logLevel: 'error' },
    ...{ platform: 'node', format: 'esm', target: 'node22' },
    // What is native is found where it is, or not at all; and a bundler need not bundle itself.
    external: ['*.node', 'cpu-features', 'esbuild'],
    plugins: [loadedWhenCalled, ownPlaces, builtinsByRequire],
    banner: { js: BANNER },
  });
  const own = Object.keys(metafile.inputs).filter((file) => !/^(?:node_modules\/|builtin:|when called:)/.test(file));
  const inputs = [
    ...own,
    'package.json',
    'node_modules/.package-lock.json',
    path.relative(root, fileURLToPath(import.meta.url)),
  ];
  // Programs after what they load, and what says that they are current after everything.
  const isProgram = (file) => programs.includes(`${SOURCES}/${path.basename(file, '.mjs')}.ts`);
  mkdirSync(path.join(root, MADE), { recursive: true });
  for (const file of outputFiles.toSorted((a, b) => isProgram(a.path) - isProgram(b.path)))
    put(file.path, file.contents);
  put(INPUTS, JSON.stringify(Object.fromEntries(inputs.map((file) => [file, markOf(file)]))));
  const current = new Set([INPUTS, ...outputFiles.map((file) => file.path)]);
  for (const name of readdirSync(path.join(root, MADE))) {
    const file = path.join(root, MADE, name);
    if (!current.has(file) && Date.now() - statSync(file).mtimeMs > OUTDATED_MS) rmSync(file, { force: true });
  }
}

/** Modules that look for files beside themselves still find them, wherever the checkout is moved to. */
const ownPlaces = {
  name: 'own places',
  setup({ onLoad }) {
    onLoad({ filter: /\.[cm]?[jt]s$/ }, ({ path: file }) => {
      const text = readFileSync(file, 'utf8');
      const place = `(madeIn + ${JSON.stringify(`/${path.relative(path.join(root, MADE), path.dirname(file))}`)})`;
      if (file.endsWith('.ts')) return { contents: text.replaceAll('import.meta.dirname', place), loader: 'ts' };
      return { contents: text.includes('__dirname') ? `var __dirname = ${place}; ${text}` : text, loader: 'js' };
    });
  },
};

/**
 * Node's own modules are required, not imported: an import asks each of them for everything that it exports, and
 * node:http for one loads all that a WebSocket takes.
 */
const builtinsByRequire = {
  name: 'builtins by require',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path: name, kind }) =>
      kind === 'import-statement' ? { path: name, namespace: 'builtin' } : undefined,
    );
    onLoad({ filter: /^/, namespace: 'builtin' }, ({ path: name }) => ({
      contents: `module.exports = require(${JSON.stringify(name)})`,
    }));
  },
};

/**
 * What dockerode loads at once and needs for builds by BuildKit and engines behind SSH only, neither of which it does here:
 * a third of what is loaded. Each exports one function.
 */
const loadedWhenCalled = {
  name: 'loaded when called',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^\.\/(session|ssh)$/ }, ({ path: name, importer, resolveDir }) => {
      if (!/\/(dockerode|docker-modem)\/lib\/\w+\.js$/.test(importer)) return undefined;
      return { path: path.join(resolveDir, `${name}.js`), namespace: 'when called' };
    });
    onLoad({ filter: /^/, namespace: 'when called' }, ({ path: file }) => ({
      contents: `module.exports = (...args) => require(${JSON.stringify(file)})(...args)`,
      resolveDir: path.dirname(file),
    }));
  },
};

/** Whole or not at all: several runs may do this at once. */
function put(file, contents) {
  writeFileSync(`${file}.${process.pid}`, contents);
  renameSync(`${file}.${process.pid}`, file);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await make();
