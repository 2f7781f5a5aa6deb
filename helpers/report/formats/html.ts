/** `--format html`: pages that open from disk. The code for them is loaded only when they are written. */
import type { ReportAssets } from '../pages/page-assets.ts';
import type { Layouts } from '../pages/picture/layout.ts';
import type { ReportFormat } from './format.ts';

interface Tools {
  writePages: (typeof import('../pages/write-pages.ts'))['writePages'];
  assets: ReportAssets;
  layouts: Layouts;
}

let tools: Promise<Tools> | undefined;

export const html: ReportFormat = {
  about: 'index.html for the instructor, and a page per student with pictures of the networks',
  // The class’s page shows everything; a student’s page shows only what that student may see.
  readBy: 'both',
  async getReady() {
    await (tools ??= load());
  },
  async write(records, { out, now }) {
    const { writePages, assets, layouts } = await (tools ??= load());
    await writePages(records, out, { assets, layouts, now });
  },
};

async function load(): Promise<Tools> {
  const [{ writePages }, { reportAssets }, { Layouts }, { cached, versionOf }] = await Promise.all([
    import('../pages/write-pages.ts'),
    import('../pages/page-assets.ts'),
    import('../pages/picture/layout.ts'),
    import('../../base/cache.ts'),
  ]);
  const kernel = await versionOf('elkjs');
  const layouts = new Layouts((graph, make) => cached('layouts', `${kernel} ${graph}`, make));
  const [assets] = await Promise.all([reportAssets(), layouts.getReady()]);
  return { writePages, assets, layouts };
}
