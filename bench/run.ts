/**
 * `npm run bench`: how long one good submission takes from command to report, as ratios within this run: against
 * bringing the same stack up and down without judging anything, and against a plain bash grader.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureEngine } from '../helpers/setup/engine.ts';
import { DEFAULT_GENERATION } from '../helpers/setup/generations.ts';
import { ensureImages } from '../helpers/setup/images.ts';

const ROUNDS = 3;
const SUBMISSION = path.resolve('submissions/example-good/nginx-flask-mongo');
const STACK = path.join(SUBMISSION, 'nginx_flask_mongodb');

const work = mkdtempSync(path.join(os.tmpdir(), 'netgrade-bench-'));
cpSync(SUBMISSION, path.join(work, 'submissions/example-good/nginx-flask-mongo'), { recursive: true });

const CONTENDERS: Record<string, string[][]> = {
  netgrade: [
    [
      'npm',
      'run',
      '--silent',
      'grade',
      '--',
      '--submissions',
      path.join(work, 'submissions'),
      '--out',
      path.join(work, 'reports'),
    ],
  ],
  floor: [
    ['docker', 'compose', '--project-name', 'netgrade-bench', '--project-directory', STACK, 'up', '--detach', '--wait'],
    [
      'docker',
      'compose',
      '--project-name',
      'netgrade-bench',
      '--project-directory',
      STACK,
      'down',
      '--volumes',
      '--timeout',
      '0',
    ],
  ],
  'bash grader': [[path.resolve('bench/bash-grader.sh'), STACK]],
};

function once(name: string): number {
  const started = performance.now();
  for (const [command = '', ...args] of CONTENDERS[name] ?? []) {
    const { status, stdout, stderr } = spawnSync(command, args, { encoding: 'utf8' });
    if (status !== 0 || stdout.includes('FAIL ')) throw new Error(`${name} failed:\n${stdout}${stderr}`);
  }
  return performance.now() - started;
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

try {
  await ensureImages((await ensureEngine()).docker, DEFAULT_GENERATION);
  const times = new Map(Object.keys(CONTENDERS).map((name) => [name, [] as number[]]));
  // The first round builds images and fills caches; it does not count.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [name, list] of times) {
      const ms = once(name);
      if (round > 0) list.push(ms);
    }
  }
  const medians = new Map([...times].map(([name, list]) => [name, median(list)]));
  for (const [name, list] of times) {
    const seconds = list.map((ms) => (ms / 1000).toFixed(2)).join('  ');
    console.log(`${name.padEnd(12)} median ${((medians.get(name) ?? NaN) / 1000).toFixed(2)} s   (${seconds})`);
  }
  const ratio = (one: string, other: string): string =>
    ((medians.get(one) ?? NaN) / (medians.get(other) ?? NaN)).toFixed(2);
  console.log(`netgrade / floor       ${ratio('netgrade', 'floor')}`);
  console.log(`bash grader / netgrade ${ratio('bash grader', 'netgrade')}`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
