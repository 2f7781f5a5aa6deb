/** `--format github`: a step's outputs, its annotations and the job's summary. Outside of Actions, files to look at. */
import { appendFile } from 'node:fs/promises';
import { ReportFolder } from '../../files.ts';
import type { Place, ReportFormat } from '../format.ts';
import type { StudentRecord } from '../../record.ts';
import { arePoints } from '../tests.ts';
import { inWholePoints, total } from '../../whole-points.ts';
import { annotation, command } from './commands.ts';
import { annotations, failureAnnotation } from './annotations.ts';
import { jobSummary } from './job-summary.ts';
import { autogradingResult, encode, fits } from './result.ts';

/** File names are for trying it by hand, where GitHub's variables are not set. */
const FILES = { result: 'github-result.json', summary: 'github-summary.md' };

export const github: ReportFormat = {
  about: 'outputs, annotations and a job summary for GitHub Actions',
  readBy: 'students',
  openLog: true,
  ofThisRun: true,
  onRunner: true,
  async write(records, place) {
    await writeResult(records, place);
    const summary = place.env['GITHUB_STEP_SUMMARY'];
    if (summary) await appendFile(summary, jobSummary(records));
    else await new ReportFolder(place.out).write(FILES.summary, jobSummary(records));
    command(place.stdout, annotations(records));
  },
  failed(reason, place) {
    command(place.stdout, [failureAnnotation(reason)]);
  },
};

/**
 * Writes the step's outputs: `result` for a reporter, `score` and `max-score` for hand-written workflows. The last two
 * are left out when something could not be graded, or nothing is handed in, so that nobody takes them for points.
 */
async function writeResult(records: StudentRecord[], place: Place): Promise<void> {
  const result = autogradingResult(records);
  const file = place.env['GITHUB_OUTPUT'];
  if (!file) {
    await new ReportFolder(place.out).write(FILES.result, `${JSON.stringify(result, null, 2)}\n`);
    return;
  }
  const { score, maxScore } = total(records.map(inWholePoints));
  const outputs = [
    ...(fits(result) ? [`result=${encode(result)}`] : []),
    ...(arePoints(records) ? [`score=${score}`, `max-score=${maxScore}`] : []),
  ];
  await appendFile(file, outputs.map((line) => `${line}\n`).join(''));
  if (fits(result)) return;
  const trouble = `There are too many tests for one step (${result.tests.length}): grade fewer students at a time. The output "result" was left out.`;
  command(place.stdout, [annotation('warning', 'No result output', trouble)]);
}
