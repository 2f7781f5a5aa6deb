/** Writes `--format html`: a page for the class, and one for each student. */
import { classPage } from './class-page/page.ts';
import { ReportFolder } from '../files.ts';
import type { ReportAssets } from './page-assets.ts';
import type { Layouts } from './picture/layout.ts';
import type { StudentRecord } from '../record.ts';
import { studentFile } from '../report-name.ts';
import { studentPage } from './student-page/page.ts';
import { studentView } from '../student-view.ts';

export interface PageTools {
  assets: ReportAssets;
  layouts: Layouts;
  /** Decides what students may see already. */
  now: Date;
}

export async function writePages(
  records: StudentRecord[],
  out: string,
  { assets, layouts, now }: PageTools,
): Promise<void> {
  const { classPage: ofClass, studentPage: ofStudent } = assets;
  const folder = new ReportFolder(out);
  for (const record of records) {
    const page = await studentPage(studentView(record, now), ofStudent, layouts);
    await folder.write(studentFile(record.student, 'html'), page);
  }
  await folder.write('index.html', await classPage(records, ofClass));
}
