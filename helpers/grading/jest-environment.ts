/** Jest's environment for specs: hands the survey in and takes the verdicts out. */
import type { EnvironmentContext, JestEnvironmentConfig } from '@jest/environment';
import { TestEnvironment } from 'jest-environment-node';
import { OUTBOX } from './outbox.ts';
import { SURVEY, VERDICTS } from './spec-context.ts';

export default class SpecEnvironment extends TestEnvironment {
  constructor(config: JestEnvironmentConfig, context: EnvironmentContext) {
    super(config, context);
    this.global[SURVEY] = config.projectConfig.testEnvironmentOptions['survey'];
  }

  override async teardown(): Promise<void> {
    (globalThis as { [OUTBOX]?: unknown })[OUTBOX] = this.global[VERDICTS] ?? [];
    await super.teardown();
  }
}
