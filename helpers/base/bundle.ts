/**
 * Bundles a program's modules into one file, for a browser or a lab host. The result is kept on disk, because starting
 * the bundler takes longer than most of what it makes takes to run.
 */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { BuildOptions } from 'esbuild';
import { digestOf } from './digest.ts';

const MODULES = path.resolve(import.meta.dirname, '../../node_modules');
const KEPT = path.join(MODULES, '.cache/netgrade/bundles');

const FOR: Record<'browser' | 'lab-host', BuildOptions> = {
  // Browsers of the last years run this.
  browser: { format: 'esm', target: 'es2022', minify: true, charset: 'ascii' },
  // Node starts a CommonJS module in two thirds of the time of an ES module.
  'lab-host': { format: 'cjs', target: 'node22', platform: 'node', external: ['koffi'] },
};

/**
 * @param entry The program's first module. It imports from its own folder and the folder above.
 * @param besides Other folders that it imports from: a change in them makes a new bundle.
 * @returns the program's text.
 */
export async function bundled(entry: string, place: keyof typeof FOR, besides: string[] = []): Promise<string> {
  const options = FOR[place];
  const digest = await digestOf(
    [path.resolve(entry, '../..'), ...besides],
    JSON.stringify([options, await bundlerVersion()]),
  );
  const file = path.join(KEPT, `${digest}.js`);
  const kept = await readFile(file, 'utf8').catch(() => undefined); // not bundled yet
  if (kept !== undefined) return kept;
  const { build } = await import('esbuild');
  const { outputFiles } = await build({ ...options, entryPoints: [entry], bundle: true, write: false });
  const text = outputFiles.map((each) => each.text).join('');
  await keep(file, text).catch(() => undefined); // a read-only checkout keeps nothing: it is bundled each time
  return text;
}

/** Writes the file completely or not at all, because several runs may do this at once. */
async function keep(file: string, text: string): Promise<void> {
  await mkdir(KEPT, { recursive: true });
  await writeFile(`${file}.${process.pid}`, text);
  await rename(`${file}.${process.pid}`, file);
}

async function bundlerVersion(): Promise<string> {
  const text = await readFile(path.join(MODULES, 'esbuild/package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
