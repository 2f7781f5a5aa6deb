/** `--format junit`: `junit.xml`, which any CI system shows. The XML library is loaded only when it is used. */
import { ReportFolder } from '../files.ts';
import type { ReportFormat } from './format.ts';

export const junit: ReportFormat = {
  about: 'junit.xml, for CI systems',
  readBy: 'students',
  openLog: true,
  async write(records, { out }) {
    const { junitXml } = await import('./junit-xml.ts');
    await new ReportFolder(out).write('junit.xml', junitXml(records));
  },
};
