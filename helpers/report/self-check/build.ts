/** Builds the self-check's page: one file that works from disk and from any web server. */
import path from 'node:path';
import { assetsOf } from '../page/assets.ts';
import { page } from '../page/page.ts';
import { selfCheckBody } from './markup.ts';
import type { Theme } from '../../lab/self-check-question.ts';
import { seal } from './seal.ts';

/** @returns the whole HTML file. Sealing takes some seconds. */
export async function buildSelfCheck(themes: Theme[]): Promise<string> {
  const [assets, sealed] = await Promise.all([
    assetsOf({
      style: path.join(import.meta.dirname, 'page.css'),
      script: path.join(import.meta.dirname, 'browser/main.ts'),
    }),
    seal(themes.flatMap(({ questions }) => questions)),
  ]);
  return page('Docker networking: check yourself', assets, selfCheckBody(themes, sealed));
}
