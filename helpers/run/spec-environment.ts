/**
 * Jest's environment for specs. A spec judges a survey: the one in the file that SURVEY names, or one that is made from
 * the submission that SUBMISSION names. If VERDICTS names a file, the verdicts are written there; see judge-process.ts.
 *
 * Node loads this file itself (jest.config.ts keeps ts-jest from it), once for all specs of a process. Only the specs
 * and what they import are loaded anew for each survey.
 */
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { EnvironmentContext, JestEnvironmentConfig } from '@jest/environment';
import { TestEnvironment } from 'jest-environment-node';
import { UsageError } from '../base/failure.ts';
import { SURVEY, TOPOLOGY, VERDICTS } from '../judge/spec-context.ts';
import { specFor } from '../lab/catalogue.ts';
import type { Topology } from '../lab/topology/topology.ts';
import { readSurvey, type SurveyFile } from '../survey/survey-file.ts';

export default class SpecEnvironment extends TestEnvironment {
  readonly #spec: string;

  constructor(config: JestEnvironmentConfig, context: EnvironmentContext) {
    super(config, context);
    this.#spec = path.basename(context.testPath);
  }

  override async setup(): Promise<void> {
    await super.setup();
    try {
      const { survey, topology } = await judgedBy(this.#spec);
      this.global[SURVEY] = JSON.stringify(survey);
      this.global[TOPOLOGY] = JSON.stringify(topology ?? {});
    } catch (error) {
      // The message says what to set. Without a stack, because its place in this file is of no use to an author.
      if (error instanceof UsageError) error.stack = error.message;
      throw error;
    }
  }

  override async teardown(): Promise<void> {
    const verdicts = (this.global[VERDICTS] as string[] | undefined) ?? [];
    const file = process.env['VERDICTS'];
    if (file !== undefined) await writeFile(file, `[${verdicts.join(',')}]`);
    await super.teardown();
  }
}

/** The survey that a spec judges. @throws {UsageError} when none is named, or when it belongs to another spec's lab. */
async function judgedBy(spec: string): Promise<Pick<SurveyFile, 'survey' | 'topology'>> {
  const { SURVEY: file, SUBMISSION: folder, LAB: named, LABS: folders = '' } = process.env;
  const ownLabs = folders.split(path.delimiter).filter((each) => each !== '');
  if (file !== undefined) {
    const { lab, survey, topology } = await readSurvey(file);
    if (topology !== undefined) return { survey, topology };
    return { survey, ...rulesOf(lab, spec, `the survey in ${file} is of`, ownLabs) };
  }
  if (folder === undefined)
    throw new UsageError(
      `${spec} judges a survey. Say which: SURVEY=FILE is a kept one (reports/surveys/STUDENT/LAB.json.gz), SUBMISSION=DIR is a lab's folder, which is deployed and surveyed first`,
    );
  const lab = named ?? path.basename(path.resolve(folder));
  const called = named === undefined ? `by its name (LAB=NAME says another one), ${folder} is of` : `${folder} is of`;
  const rules = rulesOf(lab, spec, called, ownLabs);
  const { surveySubmission } = await import('./survey-submission.ts');
  return { survey: await surveySubmission(path.resolve(folder), lab, ownLabs), ...rules };
}

/**
 * The topology that a lab's rules follow from, if it has one.
 *
 * @param what What is judged, before the lab's name.
 */
function rulesOf(lab: string, spec: string, what: string, ownLabs: string[]): { topology?: Topology } {
  const judging = specFor(lab, ownLabs);
  if (judging === undefined)
    throw new UsageError(
      `${what} the lab ${lab}, which there is not: neither specs/${lab}.spec.ts nor a topology ${lab}.yaml was found (LABS=DIR names a folder with the course's own)`,
    );
  if (judging.spec !== spec)
    throw new UsageError(`${what} the lab ${lab}, which specs/${judging.spec} judges, and not ${spec}`);
  return judging.topology === undefined ? {} : { topology: judging.topology };
}
