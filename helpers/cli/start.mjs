#!/usr/bin/env node
/**
 * usage: node start.mjs PROGRAM.ts [arguments]
 *        netgrade COMMAND [arguments]
 *
 * The first thing that every npm script runs: installs what is missing, then hands over to PROGRAM on a Node that runs
 * TypeScript as it stands. Plain JavaScript for Node 18, so that an older one than is needed can say so.
 */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureModules, ensureNode, InstallError, offerNode } from './install.mjs';

const root = path.resolve(fileURLToPath(import.meta.url), '../../..');
const USAGE_ERROR = 2;

/** @returns the program to start, from the checkout's root, and its arguments. */
function asked(argv) {
  return argv[0]?.endsWith('.ts') ? argv : ['helpers/cli/netgrade.ts', ...argv];
}

/** Installs what the program needs. @returns the Node to start it with. */
function prepare(program) {
  try {
    const node = ensureNode(root);
    ensureModules(root, program.startsWith('helpers/') ? 'grading' : 'everything');
    offerNode(root, node);
    return node;
  } catch (error) {
    if (!(error instanceof InstallError)) throw error;
    console.error(`netgrade: ${error.message}`);
    process.exit(USAGE_ERROR);
  }
}

const [program, ...args] = asked(process.argv.slice(2));
// One Node for everything that is started from here on.
const node = prepare(program);
// Node calls its removing of types experimental; nobody who grades wants to read that.
const command = ['--disable-warning=ExperimentalWarning', path.join(root, program), ...args];
const child = spawn(node, command, {
  stdio: 'inherit',
  env: {
    ...process.env,
    PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH}`,
    // Compiled code is kept from run to run: half of what a run of ours takes of the processor is compiling.
    NODE_COMPILE_CACHE: path.join(root, 'node_modules/.cache/netgrade/compiled'),
  },
});
// The terminal sends Ctrl-C to both of us; the program cleans up, we wait for it.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.once('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));
