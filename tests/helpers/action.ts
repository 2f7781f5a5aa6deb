/** action.yml and the workflow template, read and, as far as shell goes, carried out as a GitHub runner does. */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'yaml';

export interface Step {
  id?: string;
  name?: string;
  if?: string;
  uses?: string;
  run?: string;
  shell?: string;
  env?: Record<string, string>;
  with?: Record<string, string>;
}

export interface Action {
  inputs: Record<string, { description: string; default?: string; required?: boolean }>;
  outputs: Record<string, { description: string; value: string }>;
  runs: { using: string; steps: Step[] };
}

export interface Workflow {
  name: string;
  permissions: Record<string, string>;
  jobs: Record<string, { steps: Step[] }>;
}

export const ACTION = 'action.yml';
export const TEMPLATE = 'docs/github-actions/autograding.yml';
export const OWN_WORKFLOW = '.github/workflows/test.yml';

export function readYaml(file: string): unknown {
  return parse(readFileSync(file, 'utf8'));
}

export interface StepRun {
  exitCode: number | null;
  /** Both streams, in one. */
  printed: string;
  outputs: Record<string, string>;
  summary: string;
}

/**
 * Carries out an action's `run` steps, one after another until one fails.
 *
 * @param place Where the step's files are made; the student's repository is its folder `workspace`.
 */
export async function runAction(action: Action, place: string, given: Record<string, string>): Promise<StepRun> {
  const inputs = Object.fromEntries(
    Object.entries(action.inputs).map(([name, input]) => [name, given[name] ?? input.default ?? '']),
  );
  const contexts = { inputs, github: { actor: 'octo-student' } };
  const files = {
    GITHUB_OUTPUT: path.join(place, 'output'),
    GITHUB_STEP_SUMMARY: path.join(place, 'summary'),
  };
  for (const file of Object.values(files)) writeFileSync(file, '');
  const temp = path.join(place, 'temp');
  mkdirSync(temp);
  let run = { exitCode: 0 as number | null, printed: '' };
  for (const { run: script, env = {} } of action.runs.steps) {
    if (script === undefined || run.exitCode !== 0) continue;
    const own = Object.entries(env).map(([name, value]): [string, string] => [name, evaluated(value, contexts)]);
    const step = await bash(script, path.join(place, 'workspace'), {
      ...process.env,
      ...files,
      ...Object.fromEntries(own),
      GITHUB_ACTIONS: 'true',
      GITHUB_ACTION_PATH: process.cwd(),
      GITHUB_WORKSPACE: path.join(place, 'workspace'),
      RUNNER_TEMP: temp,
    });
    run = { exitCode: step.exitCode, printed: run.printed + step.printed };
  }
  const lines = readFileSync(files.GITHUB_OUTPUT, 'utf8').split('\n').filter(Boolean);
  const outputs = lines.map((line): [string, string] => [line.replace(/=.*/, ''), line.slice(line.indexOf('=') + 1)]);
  return { ...run, outputs: Object.fromEntries(outputs), summary: readFileSync(files.GITHUB_STEP_SUMMARY, 'utf8') };
}

/** `${{ a.b || c.d }}`, which is all that action.yml uses of the expression language. */
function evaluated(value: string, contexts: Record<string, Record<string, string>>): string {
  const [, expression = ''] = /^\$\{\{ (.*) \}\}$/.exec(value) ?? [];
  const values = expression.split(' || ').map((each) => {
    const [context = '', name = ''] = each.split('.');
    const found = contexts[context]?.[name];
    if (found === undefined) throw new Error(`action.yml uses "${each}", which this runner does not know`);
    return found;
  });
  return values.find((each) => each !== '') ?? '';
}

/** As a hosted runner starts a step whose shell is bash. */
function bash(
  script: string,
  cwd: string,
  env: NodeJS.ProcessEnv,
): Promise<{ exitCode: number | null; printed: string }> {
  const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (printed += chunk.toString()));
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => {
      resolve({ exitCode, printed });
    });
  });
}
