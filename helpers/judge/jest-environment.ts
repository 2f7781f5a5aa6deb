/** Jest's environment for specs: hands the survey in and takes the verdicts out. */
import type { EnvironmentContext, JestEnvironmentConfig } from '@jest/environment';
import { TestEnvironment } from 'jest-environment-node';
import { mailbox } from './mailbox.ts';
import { SURVEY, TOPOLOGY, VERDICTS } from './spec-context.ts';

export default class SpecEnvironment extends TestEnvironment {
  constructor(config: JestEnvironmentConfig, context: EnvironmentContext) {
    super(config, context);
    const { survey, topology } = mailbox();
    this.global[SURVEY] = survey;
    this.global[TOPOLOGY] = topology;
  }

  override async teardown(): Promise<void> {
    mailbox().verdicts = (this.global[VERDICTS] as string[] | undefined) ?? [];
    await super.teardown();
  }
}
