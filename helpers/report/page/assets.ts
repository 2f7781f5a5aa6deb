/** Makes a page's script and style sheet from their source files. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { bundled } from '../../base/bundle.ts';
import type { PageAssets } from './page.ts';

const THEME = path.join(import.meta.dirname, 'theme.css');

/**
 * @param sources Absolute paths: the page's own style sheets, which follow the theme, and its script, which may import
 *   others.
 */
export async function assetsOf(sources: { style: string | string[]; script?: string }): Promise<PageAssets> {
  const [styles, script] = await Promise.all([
    Promise.all([THEME, sources.style].flat().map((file) => readFile(file, 'utf8'))),
    sources.script === undefined ? undefined : bundled(sources.script, 'browser'),
  ]);
  return { style: styles.join('\n'), ...(script === undefined ? {} : { script }) };
}
