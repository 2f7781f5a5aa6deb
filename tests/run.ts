/**
 * `npm test`: everything that can say no, cheapest first. With a name, only that part; `format`, `engines` and
 * `stability` only by their names. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { DEFAULT_GENERATION, GENERATIONS, type Generation } from '../helpers/machine/setup/generations.ts';
import { InfrastructureError, UsageError, reasonOf } from '../helpers/base/failure.ts';
import { OLDEST_GENERATION } from './helpers/generations.ts';

const bin = (name: string): string => path.resolve('node_modules/.bin', name);

const PARTS: Record<string, string[][]> = {
  lint: [
    [bin('tsc'), '--noEmit'],
    [bin('tsc'), '--noEmit', '--project', 'tsconfig.browser.json'],
    [bin('eslint'), '.'],
    [bin('depcruise'), '--config', '.dependency-cruiser.mjs', 'helpers', 'specs', 'tests', 'bench'],
    [bin('prettier'), '--check', '.'],
  ],
  format: [[bin('prettier'), '--write', '.']],
  unit: [[bin('jest'), '--selectProjects', 'unit', '--maxWorkers', '100%']],
  e2e: [[bin('jest'), '--selectProjects', 'e2e', '--runInBand']],
  stability: [[bin('jest'), '--selectProjects', 'stability', '--runInBand']],
  engines: [[bin('jest'), '--selectProjects', 'engines', '--runInBand']],
};
const USUAL = ['lint', 'unit', 'e2e'];
/** The parts that need an engine, with the generations that their lab hosts run. */
const ON_ENGINES: Record<string, Generation[]> = {
  e2e: [DEFAULT_GENERATION, OLDEST_GENERATION],
  stability: [DEFAULT_GENERATION],
  engines: GENERATIONS,
};

/**
 * End-to-end tests need what grading needs, machines that are not the grader's own, a
 * browser and a Redis; making it all here keeps it out of their time limits.
 */
async function prepare(generations: Generation[]): Promise<void> {
  const [{ ensureEngine }, { ensureImages }, { ensureMachineImage }, { ensureChromium }, { ensureRedis }] =
    await Promise.all([
      import('../helpers/machine/setup/engine.ts'),
      import('../helpers/machine/setup/images.ts'),
      import('./helpers/machine-image.ts'),
      import('./helpers/chromium.ts'),
      import('./helpers/redis.ts'),
    ]);
  await ensureChromium();
  await ensureRedis();
  const { docker } = await ensureEngine();
  for (const generation of generations) await ensureImages(docker, generation);
  await ensureMachineImage(docker);
}

const wanted = process.argv[2];
const parts = wanted === undefined ? USUAL : [wanted];
try {
  for (const part of parts) {
    const generations = ON_ENGINES[part];
    if (generations !== undefined) await prepare(generations);
    for (const [command = '', ...args] of PARTS[part] ?? []) {
      const { status } = spawnSync(command, args, { stdio: 'inherit' });
      if (status !== 0) process.exit(status ?? 1);
    }
  }
} catch (error) {
  if (!(error instanceof UsageError) && !(error instanceof InfrastructureError)) throw error;
  console.error(`netgrade: ${reasonOf(error)}`);
  process.exitCode = error instanceof UsageError ? 2 : 3;
}
