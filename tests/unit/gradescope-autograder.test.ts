/** docs/gradescope/run_autograder, carried out with a grader and an ssh that play their parts. */
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const RUN_MS = 30_000;
/** Runs there what it is asked to run, as a machine that is free does. */
const SSH = 'shift 3; exec sh -c "$*"';
/** Says what was handed in under which lab, where netgrade would say how it was graded. */
const GRADE =
  'for each; do case $each in --out=*) out=${each#*=} ;; --submissions=*) in=${each#*=} ;; esac; done; mkdir $out';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'netgrade-gradescope-'));
  for (const folder of ['bin', 'results', 'submission', 'source/netgrade'])
    mkdirSync(path.join(root, folder), { recursive: true });
  writeFileSync(path.join(root, 'submission', 'run.sh'), 'docker ps\n');
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function autograder(programs: Record<string, string>): { code: number | null; results: unknown } {
  for (const [name, text] of Object.entries(programs)) {
    const file = path.join(root, 'bin', name);
    writeFileSync(file, `#!/bin/sh\n${text}\n`);
    chmodSync(file, 0o755);
  }
  const env = { ...process.env, AUTOGRADER_ROOT: root, PATH: `${path.join(root, 'bin')}:${process.env['PATH']!}` };
  const { status } = spawnSync('bash', ['docs/gradescope/run_autograder'], { env, timeout: RUN_MS });
  return { code: status, results: JSON.parse(readFileSync(path.join(root, 'results', 'results.json'), 'utf8')) };
}

test.each([
  [0, 0],
  [1, 0],
  [3, 3],
])('results are handed over whatever the exit code; %d becomes %d', (given, code) => {
  const node = `${GRADE}; printf '{ "score": 1, "output": "%s" }' "$(cd $in && ls */*)" > $out/results.json; exit ${given}`;
  expect(autograder({ ssh: SSH, node })).toEqual({
    code,
    results: { score: 1, output: 'nginx-flask-mongo/run.sh' },
  });
});

test.each([
  ['the grader ends without results', { ssh: SSH, node: 'exit 2' }, 2, 'did not come to its end'],
  ['the machine cannot be reached', { ssh: 'exit 255', node: 'exit 0' }, 3, 'could not be reached'],
])('when %s there is no score, which would be zero points', (_, programs, code, reason) => {
  const run = autograder(programs);
  expect(run.code).toBe(code);
  expect(run.results).toEqual({
    output: expect.stringMatching(new RegExp(`${reason}.*no points are lost`)),
    output_format: 'text',
    stdout_visibility: 'hidden',
  });
});
