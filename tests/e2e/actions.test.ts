/** A student's repository graded by action.yml and by Classroom 50's entry point, each carried out as its runner does. */
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawn, spawnSync } from 'node:child_process';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Classroom50Result } from '../../helpers/report/formats/classroom50.ts';
import type { AutogradingResult } from '../../helpers/report/formats/github/result.ts';
import { ACTION, readYaml, runAction, TEMPLATE, type Action } from '../helpers/action.ts';
import { obeyed } from '../helpers/github-runner.ts';
import { recordOf } from '../helpers/grade.ts';

const LAB = 'nginx-flask-mongo';
const GRADING_MS = 120_000;
const action = readYaml(ACTION) as Action;

let place: string;
beforeEach(() => {
  place = mkdtempSync(path.join(os.tmpdir(), 'netgrade-action-'));
  const workspace = path.join(place, 'workspace');
  // As the hand-out lays it out: nothing is at the top but what every repository has.
  cpSync(`submissions/example-published-solution/${LAB}`, path.join(workspace, 'nginx_flask_mongodb'), {
    recursive: true,
  });
  cpSync(TEMPLATE, path.join(workspace, '.github/workflows/autograding.yml'));
  writeFileSync(path.join(workspace, 'README.md'), '# Exercise 2\n');
});
afterEach(() => {
  rmSync(place, { recursive: true, force: true });
});

function resultOf(outputs: Record<string, string>): AutogradingResult {
  return JSON.parse(Buffer.from(outputs['result']!, 'base64').toString()) as AutogradingResult;
}

test(
  'the action grades a repository: outputs, notices and summary agree with the record',
  async () => {
    const { exitCode, printed, outputs, summary } = await runAction(action, place, {
      lab: LAB,
      'min-score': '100',
    });
    // Below the minimum, and everything is there all the same.
    expect([exitCode, Object.keys(outputs)]).toEqual([1, ['result', 'score', 'max-score', 'reports']]);
    const record = recordOf(outputs['reports']!, 'octo-student');
    const [lab] = record.labs;
    expect([outputs['score'], outputs['max-score']]).toEqual([String(record.score), '100']);

    const result = resultOf(outputs);
    expect([result.status, result.max_score]).toEqual(['fail', 100]);
    expect(result.tests.map(({ name, score }) => [name, score])).toEqual(
      lab!.criteria.map(({ title, score }) => [title, score]),
    );

    const commands = obeyed(printed).map(({ command, properties, data }) => ({
      command,
      title: properties['title'],
      data,
    }));
    expect(commands.filter(({ command }) => command === 'notice').slice(-2)).toEqual([
      { command: 'notice', title: 'Autograding complete', data: `Points ${record.score}/100` },
      { command: 'notice', title: 'Autograding report', data: `{"totalPoints":${record.score},"maxPoints":100}` },
    ]);
    const failed = lab!.criteria.filter(({ status }) => status === 'failed');
    expect(commands.filter(({ command }) => command === 'error')).toHaveLength(failed.length);
    expect(summary).toContain(`## Autograding of octo-student: ${record.score} / 100`);
    expect(summary.match(/^#### ✗ failed/gm)).toHaveLength(failed.length);
  },
  GRADING_MS,
);

/** Looks for the file of a step's outputs in the environments of all processes, and writes into it; only below this folder. */
function forging(folder: string): string {
  return `
for environ in /proc/[0-9]*/environ /host/proc/[0-9]*/environ; do
  for file in $(tr '\\0' '\\n' 2> /dev/null < "$environ" | sed -n 's/^GITHUB_OUTPUT=//p'); do
    case $file in ${folder}/*) echo 'score=7' >> "$file" && echo "wrote into $file";; esac
  done
done
[ ! -d ${folder} ] || echo 'it is the runner'
echo 'looked into all environments'
`;
}

test(
  'a submission cannot write its own points: what it can do on its machine does not reach the runner',
  async () => {
    const control = path.join(place, 'control');
    const sleeping = spawn('sleep', ['60'], { env: { ...process.env, GITHUB_OUTPUT: control } });
    spawnSync('bash', ['-c', forging(place)], { timeout: 20_000 });
    sleeping.kill();
    expect(readFileSync(control, 'utf8')).toBe('score=7\n');

    const workspace = path.join(place, 'workspace');
    rmSync(workspace, { recursive: true });
    mkdirSync(workspace);
    writeFileSync(path.join(workspace, 'forge.sh'), forging(place));
    const inContainers = [
      '--privileged --pid host --volume /:/host',
      '--pid host',
      '--volume /proc:/host/proc',
      '--privileged --network host',
    ];
    writeFileSync(
      path.join(workspace, 'run.sh'),
      [
        '(bash forge.sh; sudo bash forge.sh',
        ...inContainers.map(
          (how) => `docker run --rm ${how} --volume "$PWD/forge.sh:/forge.sh" alpine sh /forge.sh || true`,
        ),
        ') > said 2>&1',
        // What it has seen decides about its honest points.
        'grep -q "looked into all environments" said || exit 1',
        '! grep -e "wrote into" -e "it is the runner" said || exit 1',
        'docker run -d --name isolated --network none alpine sleep 1000',
      ].join('\n'),
    );
    const { outputs } = await runAction(action, place, { lab: 'none-network' });
    const record = recordOf(outputs['reports']!, 'octo-student');
    expect([record.score, record.maxScore]).toEqual([100, 100]);
    const written = readdirSync(place, { recursive: true, encoding: 'utf8' }).filter((name) => /output/.test(name));
    const lines = written.flatMap((name) => readFileSync(path.join(place, name), 'utf8').split('\n'));
    // In the grader's own file, and handed on from there.
    expect(lines.filter((line) => line.startsWith('score='))).toEqual(['score=100', 'score=100']);
  },
  GRADING_MS,
);

test('nothing handed in is no zero that is posted silently: exit 2, an annotation, and a failed test with the reason', async () => {
  rmSync(path.join(place, 'workspace'), { recursive: true });
  mkdirSync(path.join(place, 'workspace/.github/workflows'), { recursive: true });
  writeFileSync(path.join(place, 'workspace/README.md'), '# Exercise 2\n');
  const { exitCode, printed, outputs, summary } = await runAction(action, place, { lab: LAB });
  expect([exitCode, Object.keys(outputs)]).toEqual([2, ['result', 'reports']]);
  const reason = expect.stringMatching(/README\.md/);
  expect(resultOf(outputs)).toMatchObject({
    status: 'fail',
    max_score: 100,
    tests: [{ name: LAB, status: 'fail', score: 0, message: reason }],
  });
  const commands = obeyed(printed);
  expect(commands.filter(({ command }) => command === 'notice')).toEqual([]);
  expect(commands.filter(({ command }) => command === 'error').at(-1)).toMatchObject({ data: reason });
  expect(summary).toContain('was not handed in');
});

test('the action refuses a lab that there is not: exit 2, an annotation that says why, no result', async () => {
  const { exitCode, printed, outputs } = await runAction(action, place, {
    lab: 'no-such-lab',
    host: 'disposable',
    // What a script would trip over if it were text of the script.
    student: `"; touch obeyed; '$(touch obeyed)' \`touch obeyed\` *`,
    submission: './a folder; touch obeyed',
  });
  expect([exitCode, Object.keys(outputs)]).toEqual([2, ['reports']]);
  expect(['workspace', '.'].flatMap((folder) => readdirSync(path.join(place, folder)))).not.toContain('obeyed');
  expect(
    obeyed(printed)
      .filter(({ command }) => command !== 'stop-commands')
      .at(-1),
  ).toMatchObject({
    command: 'error',
    properties: { title: 'Could not be graded' },
    data: expect.stringContaining('there is no lab "no-such-lab"'),
  });
});

test(
  'Classroom 50’s entry point leaves its result in the checkout and exits 0',
  () => {
    const env = {
      ...process.env,
      NETGRADE_DIR: process.cwd(),
      NETGRADE_HOST: 'disposable',
      CLASSROOM: 'networks',
      ASSIGNMENT: 'exercise-2',
      OWNER: 'octo-student',
      SUBMISSION_TAG: 'submit/2026-09-01T10-20-30Z-a1b2c3d',
    };
    const { status, stdout } = spawnSync('python3', [path.resolve('docs/github-actions/autograder.py')], {
      cwd: path.join(place, 'workspace'),
      env,
      encoding: 'utf8',
      timeout: GRADING_MS - 10_000,
    });
    expect([status, stdout]).toEqual([0, expect.stringContaining('nginx-public-only')]);
    const result = JSON.parse(readFileSync(path.join(place, 'workspace', 'result.json'), 'utf8')) as Classroom50Result;
    expect(result).toMatchObject({ classroom: 'networks', owner: 'octo-student', 'max-score': 100 });
    expect(result.tests.reduce((sum, { score }) => sum + score, 0)).toBe(result.score);
  },
  GRADING_MS,
);
