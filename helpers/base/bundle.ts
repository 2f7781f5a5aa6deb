/**
 * Makes one file of a program's many, for a place that is not this process: a browser, or a lab host. Made once, then
 * kept: the bundler is a program of its own, which takes longer to start than most of what it makes takes to run.
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { BuildOptions } from 'esbuild';
import { digestOf } from './digest.ts';

const MODULES = path.resolve(import.meta.dirname, '../../node_modules');
const KEPT = path.join(MODULES, '.cache/netgrade/bundles');

const FOR: Record<'browser' | 'lab-host', BuildOptions> = {
  // What browsers of the last years run.
  browser: { format: 'esm', target: 'es2022', minify: true, charset: 'ascii' },
  // Node starts the older kind of module in two thirds of the time.
  'lab-host': { format: 'cjs', target: 'node22', platform: 'node', packages: 'external' },
};

/**
 * @param entry What it imports lies beside it, or in the folder above.
 * @param besides Other folders that it imports from.
 * @returns the program's text.
 */
export async function bundled(entry: string, place: keyof typeof FOR, besides: string[] = []): Promise<string> {
  const options = FOR[place];
  const digest = await digestOf(
    [path.resolve(entry, '../..'), ...besides],
    JSON.stringify([options, await bundlerVersion()]),
  );
  const file = path.join(KEPT, `${digest}.js`);
  const kept = await readFile(file, 'utf8').catch(() => undefined);
  if (kept !== undefined) return kept;
  const { build } = await import('esbuild');
  const { outputFiles } = await build({ ...options, entryPoints: [entry], bundle: true, write: false });
  const text = outputFiles.map((each) => each.text).join('');
  await keep(file, text).catch(() => undefined); // a checkout may be read-only: then it is made anew each time
  return text;
}

/** Whole or not at all: several runs may do this at once. */
async function keep(file: string, text: string): Promise<void> {
  await mkdir(KEPT, { recursive: true });
  await writeFile(`${file}.${process.pid}`, text);
  await rename(`${file}.${process.pid}`, file);
}

async function bundlerVersion(): Promise<string> {
  const text = await readFile(path.join(MODULES, 'esbuild/package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
