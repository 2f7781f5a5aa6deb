/** Makes a page's script and style sheet out of their source files. (Tests of pages as text need neither.) */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { build } from 'esbuild';
import type { PageAssets } from './page.ts';

const THEME = path.join(import.meta.dirname, 'theme.css');
/** What browsers of the last years run. */
const TARGET = 'es2022';

/**
 * @param sources Absolute paths: the page's own style sheet, which follows the theme, and its script, which may import
 *   others.
 */
export async function assetsOf(sources: { style: string; script?: string }): Promise<PageAssets> {
  const [theme, own, script] = await Promise.all([
    readFile(THEME, 'utf8'),
    readFile(sources.style, 'utf8'),
    sources.script === undefined ? undefined : bundled(sources.script),
  ]);
  return { style: `${theme}\n${own}`, ...(script === undefined ? {} : { script }) };
}

async function bundled(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    minify: true,
    format: 'esm',
    target: TARGET,
    charset: 'ascii',
    write: false,
  });
  return outputFiles.map(({ text }) => text).join('');
}
