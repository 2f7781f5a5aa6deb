/**
 * The judge: a process that runs a lab's spec in Jest for every survey it is sent, and answers with the verdicts. Jest
 * stays loaded between specs, and what it does cannot touch the grader's own process.
 *
 * It runs specs as an author does who types `SURVEY=FILE npx jest specs/LAB.spec.ts`: by the same jest.config.ts.
 */
import { mkdirSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { runCLI } from '@jest/core';
import { SPECS, type GradableLab } from '../lab/catalogue.ts';
import type { Verdict } from '../lab/verdict.ts';
import { ownPath } from '../machine/lab-host/own-files.ts';
import type { Survey } from '../survey/facts.ts';
import { NOTHING } from '../survey/nothing.ts';
import { packSurvey } from '../survey/survey-file.ts';

export interface JudgeRequest {
  id: number;
  lab: LabToJudge;
  survey: Survey;
}

/** What the judge process has to know about a lab. */
export type LabToJudge = Pick<GradableLab, 'name' | 'spec' | 'topology'>;

export interface JudgeReply {
  id: number;
  verdicts: Verdict[];
  /** Why there are no verdicts, if the spec did not load. */
  trouble?: string;
}

const ROOT = path.resolve(SPECS, '..');
/** A folder of this process alone, for the survey that is judged and for its verdicts. */
const FOLDER = ownPath('-judge');
const SURVEY = path.join(FOLDER, 'survey.json.gz');
const VERDICTS = path.join(FOLDER, 'verdicts.json');

async function judge({ id, lab, survey }: JudgeRequest): Promise<JudgeReply> {
  await writeFile(SURVEY, packSurvey(lab.name, survey, lab.topology && { topology: lab.topology }));
  await rm(VERDICTS, { force: true });
  const { results } = await runCLI(
    {
      $0: 'netgrade',
      _: [],
      config: path.join(ROOT, 'jest.config.ts'),
      runTestsByPath: true,
      testPathPatterns: [path.join(SPECS, lab.spec)],
      passWithNoTests: true,
      runInBand: true,
      silent: true,
      reporters: [],
      watchman: false,
    },
    [ROOT],
  );
  const failure = results.testResults.find(({ testExecError }) => testExecError !== undefined)?.testExecError;
  const trouble =
    failure?.message ?? (results.numTotalTestSuites === 0 ? `there is no spec ${lab.spec} for ${lab.name}` : undefined);
  const verdicts = trouble === undefined ? (JSON.parse(await readFile(VERDICTS, 'utf8')) as Verdict[]) : [];
  return { id, verdicts, ...(trouble === undefined ? {} : { trouble }) };
}

/**
 * Runs a spec without judging anything. Jest, ts-jest and the spec's modules take seconds to load the first time. This way they
 * load while the first submission is probed.
 */
async function rehearse(lab: LabToJudge): Promise<void> {
  const { trouble } = await judge({ id: 0, lab, survey: NOTHING });
  if (trouble !== undefined) console.error(`judging nothing, to get ready: ${trouble}`);
}

mkdirSync(FOLDER, { mode: 0o700 });
// Ctrl-C reaches this process, too. It ends then in order: its folder is removed (own-files.ts).
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.once(signal, () => process.exit(1));
// jest.config.ts and the specs' environment are told by these; see helpers/run/spec-environment.ts.
Object.assign(process.env, { SURVEY, VERDICTS });
const [firstLab = '{}'] = process.argv.slice(2);
let queue = rehearse(JSON.parse(firstLab) as LabToJudge).catch((error: unknown) => {
  console.error('judging nothing, to get ready:', error); // a real judgement will fail in the same way, and report it
});
process.on('message', (request: JudgeRequest) => {
  queue = queue
    .then(() => judge(request))
    .catch((error: unknown): JudgeReply => ({ id: request.id, verdicts: [], trouble: String(error) }))
    .then((reply) => {
      process.send?.(reply);
    });
});
process.once('disconnect', () => process.exit(0));
