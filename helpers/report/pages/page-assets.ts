/** The style sheets and scripts of the report's pages. */
import path from 'node:path';
import { assetsOf } from '../page/assets.ts';
import type { PageAssets } from '../page/page.ts';

const here = (file: string): string => path.join(import.meta.dirname, file);

/** Of the student's page; other pages that show rules and pictures use it, too. */
export const STUDENT_STYLE = here('student-page/style.css');

export interface ReportAssets {
  classPage: PageAssets;
  studentPage: PageAssets;
}

export async function reportAssets(): Promise<ReportAssets> {
  const [classPage, studentPage] = await Promise.all([
    assetsOf({ style: here('class-page/style.css'), script: here('class-page/browser/class-page.ts') }),
    assetsOf({ style: STUDENT_STYLE, script: here('student-page/browser/student-page.ts') }),
  ]);
  return { classPage, studentPage };
}
