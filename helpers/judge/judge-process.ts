/**
 * The judge: a process that runs a lab's spec in Jest for every survey it is sent, and answers with the verdicts. Jest
 * stays loaded between specs (30 ms each instead of a second), and what it does cannot touch the grader's own process.
 */
import path from 'node:path';
import { runCLI } from '@jest/core';
import type { Config } from '@jest/types';
import type { Survey } from '../survey/facts.ts';
import { SPECS, type GradableLab } from '../lab/catalogue.ts';
import { mailbox } from './mailbox.ts';
import type { Verdict } from '../lab/verdict.ts';

export interface JudgeRequest {
  id: number;
  lab: LabToJudge;
  survey: Survey;
}

/** What the judge process has to know of a lab. */
export type LabToJudge = Pick<GradableLab, 'name' | 'spec' | 'topology'>;

export interface JudgeReply {
  id: number;
  verdicts: Verdict[];
  /** Why there may be none: the spec did not load. */
  trouble?: string;
}

const ROOT = path.resolve(SPECS, '..');

async function judge({ id, lab, survey }: JudgeRequest): Promise<JudgeReply> {
  const config: Config.InitialOptions = {
    rootDir: ROOT,
    // A student's own x.test.js must never run here.
    roots: [SPECS],
    testMatch: [path.join(SPECS, lab.spec)],
    transform: { '\\.ts$': path.join(ROOT, 'helpers/judge/spec-transform.ts') },
    testEnvironment: path.join(ROOT, 'helpers/judge/jest-environment.ts'),
    haste: { enableSymlinks: false, forceNodeFilesystemAPI: true },
  };
  const box = mailbox();
  box.survey = JSON.stringify(survey);
  box.topology = JSON.stringify(lab.topology ?? {});
  box.verdicts = [];
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
  const verdicts = box.verdicts.map((text) => JSON.parse(text) as Verdict);
  const failure = results.testResults.find(({ testExecError }) => testExecError !== undefined)?.testExecError;
  const trouble =
    failure?.message ?? (results.numTotalTestSuites === 0 ? `there is no spec ${lab.spec} for ${lab.name}` : undefined);
  return { id, verdicts, ...(trouble === undefined ? {} : { trouble }) };
}

/**
 * Judging nothing at all, once: Jest, ts-jest and the spec's modules take a second to load the first time, and that
 * second passes while the first submission is probed.
 */
async function rehearse(lab: LabToJudge): Promise<void> {
  const nothing = {
    roles: {},
    containers: [],
    networks: [],
    outside: { canary: 'open', ports: [] },
    experiments: {},
  };
  await judge({ id: 0, lab, survey: nothing as unknown as Survey });
}

const [firstLab = '{}'] = process.argv.slice(2);
let queue = rehearse(JSON.parse(firstLab) as LabToJudge).catch(() => undefined);
process.on('message', (request: JudgeRequest) => {
  queue = queue
    .then(() => judge(request))
    .catch((error: unknown): JudgeReply => ({ id: request.id, verdicts: [], trouble: String(error) }))
    .then((reply) => {
      process.send?.(reply);
    });
});
process.once('disconnect', () => process.exit(0));
