/** The entry for scripts, as docs/scripts.md shows it: in a process of its own, like a script of a course. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { recordOf, workspace, type Workspace } from '../helpers/grade.ts';

const GRADING_MS = 120_000;

let place: Workspace;
/** In the checkout, where the name `netgrade` is known. */
let scripts: string;

beforeEach(() => {
  place = workspace();
  mkdirSync('.cache', { recursive: true });
  scripts = mkdtempSync(path.resolve('.cache/scripts-'));
  symlinkSync(path.resolve('submissions'), place.submissions);
});

afterEach(() => {
  place[Symbol.dispose]();
  rmSync(scripts, { recursive: true });
});

/** Runs a script where `submissions` are and `reports` will be. */
function run(text: string): Promise<{ stdout: string; stderr: string }> {
  const file = path.join(scripts, 'script.mjs');
  writeFileSync(file, text);
  const options = { cwd: path.dirname(place.out), env: { ...process.env, CI: '' }, timeout: GRADING_MS };
  return promisify(execFile)(process.execPath, ['--disable-warning=ExperimentalWarning', file], options);
}

test(
  'the documented script grades, gets the records, prints nothing of its own accord and ends',
  async () => {
    const [, example = ''] = /^```js\n(.*?)^```/ms.exec(readFileSync('docs/scripts.md', 'utf8')) ?? [];
    expect(await run(example)).toEqual({ stdout: 'example-good: 100/100\n', stderr: '' });
    expect(recordOf(place.out, 'example-good').labs.map(({ lab }) => lab)).toEqual(['none-network']);
  },
  GRADING_MS,
);

test.each([
  ["{ labs: ['no-such-lab'] }", 'UsageError: there is no lab "no-such-lab"'],
  ["{ submissions: 'nowhere' }", 'UsageError: there is no folder'],
  ['{ jobs: 0 }', 'UsageError: --jobs takes a whole number from 1 to 64; it is "0"'],
  ["{ host: 'local', egress: true }", 'UsageError: --egress is for the fresh machines'],
  [
    "{ host: 'ssh://nobody@127.0.0.1:1', live: true, labs: ['none-network'], students: ['example-good'] }",
    /^(Usage|Infrastructure)Error: .*127\.0\.0\.1/,
  ],
])(
  'grade(%s) throws, and leaves the rest to the script',
  async (options, error) => {
    const { stdout, stderr } = await run(`
      import { grade, InfrastructureError, UsageError } from 'netgrade';
      const known = { UsageError, InfrastructureError };
      await grade(${options}).catch((error) => {
        const kind = Object.keys(known).find((name) => error instanceof known[name]);
        console.log(kind + ': ' + error.message);
      });
      console.log('goes on');
    `);
    expect(stdout.split('\n')[0]).toMatch(error);
    expect([stdout.endsWith('goes on\n'), stderr]).toEqual([true, '']);
  },
  GRADING_MS,
);
