/**
 * Bundles a program's modules into one file, for a browser or a lab host. The result is kept on disk, because starting
 * the bundler takes longer than most of what it makes takes to run.
 */
import path from 'node:path';
import type { BuildOptions } from 'esbuild';
import { cached, versionOf } from './cache.ts';
import { digestOf } from './digest.ts';

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
  const source = await digestOf(
    [path.resolve(entry, '../..'), ...besides],
    JSON.stringify([options, await versionOf('esbuild')]),
  );
  return cached('bundles', source, async () => {
    const { build } = await import('esbuild');
    const { outputFiles } = await build({ ...options, entryPoints: [entry], bundle: true, write: false });
    return outputFiles.map((each) => each.text).join('');
  });
}
