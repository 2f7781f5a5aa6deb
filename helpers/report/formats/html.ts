/** `--format html`: pages that open from disk. What they are made with is loaded when it is used, not with every run. */
import type { ReportFormat } from './format.ts';

export const html: ReportFormat = {
  about: 'index.html for the instructor, and a page per student with pictures of the networks',
  // The class’s page has everything, a student’s only what that student may see.
  readBy: 'both',
  async write(records, { out, now }) {
    const [{ writePages }, { reportAssets }] = await Promise.all([
      import('../pages/write-pages.ts'),
      import('../pages/page-assets.ts'),
    ]);
    await writePages(records, out, await reportAssets(), now);
  },
};
