/**
 * `--format canvas-feedback`: `canvas-feedback.zip`, for "Re-Upload Submissions" of a Canvas assignment, which makes a comment with
 * a file of each file in the zip. Canvas finds the submission by the two numbers in a file's name, the user's and that of a file
 * which was handed in; so feedback is called as a file of the download that was graded. Students see it under the name of that
 * file of theirs, so what stands for a zip is one.
 */
import { oneLine } from '../../base/inert.ts';
import { ReportFolder } from '../files.ts';
import { firstOf } from './roster.ts';
import { isFinished, type StudentRecord } from '../record.ts';
import { ofLabs } from '../recording.ts';
import type { ReportFormat } from './format.ts';
import { commentOn } from './markdown.ts';
import { zipOf } from './zip.ts';

const FILE = 'canvas-feedback.zip';
const FEEDBACK = 'feedback.md';

export const canvasFeedback: ReportFormat = {
  about: 'canvas-feedback.zip, files for the students of a Canvas download that was graded',
  readBy: 'students',
  isImported: true,
  async write(all, { out, labs, stderr }) {
    const files = new Map<string, string | Buffer>();
    const without: string[] = [];
    for (const record of all) {
      const byUpload = labsByUpload(record, labs);
      if (byUpload.size === 0) without.push(`"${record.student}"`);
      for (const [upload, names] of byUpload) files.set(upload, await feedbackIn(upload, ofLabs(record, names)));
    }
    await new ReportFolder(out).write(FILE, await zipOf(files));
    if (without.length === 0) return;
    const why = 'no text file or zip of theirs was graded from a download of Canvas';
    stderr.write(`netgrade: ${oneLine(`${FILE}: there is nothing for ${firstOf(without)}: ${why}`)}\n`);
  },
};

/** The labs that are finished, by the name of a file in the download of each. Labs of one download have one. */
function labsByUpload({ labs }: StudentRecord, wanted: string[] | undefined): Map<string, string[]> {
  const named = labs.flatMap((lab) => {
    const { platform, upload } = lab.submitter ?? {};
    const isAsked = isFinished(lab) && (wanted === undefined || wanted.includes(lab.lab));
    return isAsked && platform === 'canvas' && upload !== undefined ? [{ upload, lab: lab.lab }] : [];
  });
  const grouped = Map.groupBy(named, ({ upload }) => upload);
  return new Map([...grouped].map(([upload, each]) => [upload, each.map(({ lab }) => lab)]));
}

async function feedbackIn(upload: string, record: StudentRecord): Promise<string | Buffer> {
  const text = commentOn(record);
  return upload.toLowerCase().endsWith('.zip') ? zipOf(new Map([[FEEDBACK, text]])) : text;
}
