/**
 * The judge: a process that runs a lab's spec in Jest for every survey it is sent, and answers with the verdicts. Jest
 * stays loaded between specs (30 ms each instead of a second), and what it does cannot touch the grader's own process.
 */
import path from 'node:path';
import { runCLI } from '@jest/core';
import type { Config } from '@jest/types';
import type { Survey } from '../survey/facts.ts';
import { SPECS } from './catalogue.ts';
import { OUTBOX } from './outbox.ts';
import type { Verdict } from './verdict.ts';

export interface JudgeRequest {
  id: number;
  lab: string;
  student: string;
  survey: Survey;
}

export interface JudgeReply {
  id: number;
  verdicts: Verdict[];
  /** Why there may be none: the spec did not load. */
  trouble?: string;
}

const ROOT = path.resolve(SPECS, '..');

async function judge({ id, lab, student, survey }: JudgeRequest): Promise<JudgeReply> {
  const config: Config.InitialOptions = {
    displayName: student,
    rootDir: ROOT,
    // A student's own x.test.js must never run here.
    roots: [SPECS],
    testMatch: [path.join(SPECS, `${lab}.spec.ts`)],
    transform: { '\\.ts$': ['ts-jest', { diagnostics: false }] },
    testEnvironment: path.join(ROOT, 'helpers/grading/jest-environment.ts'),
    testEnvironmentOptions: { survey: JSON.stringify(survey) },
    haste: { enableSymlinks: false },
  };
  const outbox = globalThis as { [OUTBOX]?: string[] };
  outbox[OUTBOX] = [];
  const { results } = await runCLI(
    {
      $0: 'netgrade',
      _: [],
      config: JSON.stringify(config),
      runInBand: true,
      silent: true,
      reporters: [],
      watchman: false,
    },
    [ROOT],
  );
  const verdicts = outbox[OUTBOX].map((text) => JSON.parse(text) as Verdict);
  const failure = results.testResults.find(({ testExecError }) => testExecError !== undefined)?.testExecError;
  const trouble = failure?.message ?? (results.numTotalTestSuites === 0 ? `there is no spec for ${lab}` : undefined);
  return { id, verdicts, ...(trouble === undefined ? {} : { trouble }) };
}

let queue = Promise.resolve();
process.on('message', (request: JudgeRequest) => {
  queue = queue
    .then(() => judge(request))
    .catch((error: unknown): JudgeReply => ({ id: request.id, verdicts: [], trouble: String(error) }))
    .then((reply) => {
      process.send?.(reply);
    });
});
process.once('disconnect', () => process.exit(0));
