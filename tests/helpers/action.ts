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

/** The outputs of steps, by their ids. */
type Outputs = Record<string, Record<string, string>>;

interface Contexts {
  inputs: Record<string, string>;
  github: Record<string, string>;
  steps: Outputs;
}

/**
 * Carries out an action's `run` steps, one after another; after one that failed, only those that always run. Of other actions'
 * steps, a cache has what it is asked for, and nothing else is done.
 *
 * @param place Where the step's files are made; the student's repository is its folder `workspace`.
 */
export async function runAction(action: Action, place: string, given: Record<string, string>): Promise<StepRun> {
  const inputs = Object.fromEntries(
    Object.entries(action.inputs).map(([name, input]) => [name, given[name] ?? input.default ?? '']),
  );
  const contexts: Contexts = { inputs, github: { actor: 'octo-student' }, steps: {} };
  const temp = path.join(place, 'temp');
  mkdirSync(temp);
  const summary = path.join(place, 'summary');
  writeFileSync(summary, '');
  let run = { exitCode: 0 as number | null, printed: '' };
  for (const [i, { id = '', run: script, if: condition, env = {} }] of action.runs.steps.entries()) {
    if (!isMet(condition, contexts, run.exitCode === 0)) continue;
    if (script === undefined) {
      contexts.steps[id] = { 'cache-hit': 'true' };
      continue;
    }
    const own = Object.entries(env).map(([name, value]): [string, string] => [name, evaluated(value, contexts)]);
    const output = path.join(place, `output-${i}`);
    writeFileSync(output, '');
    const step = await bash(script, path.join(place, 'workspace'), {
      ...process.env,
      ...Object.fromEntries(own),
      GITHUB_ACTIONS: 'true',
      GITHUB_OUTPUT: output,
      GITHUB_STEP_SUMMARY: summary,
      GITHUB_ACTION_PATH: process.cwd(),
      GITHUB_WORKSPACE: path.join(place, 'workspace'),
      RUNNER_TEMP: temp,
      RUNNER_OS: 'Linux',
      RUNNER_ARCH: 'X64',
    });
    run = { exitCode: run.exitCode === 0 ? step.exitCode : run.exitCode, printed: run.printed + step.printed };
    contexts.steps[id] = outputsIn(output);
  }
  const outputs = Object.entries(action.outputs).map(
    ([name, { value }]) => [name, evaluated(value, contexts)] as const,
  );
  const there = outputs.filter(([, value]) => value !== '');
  return { ...run, outputs: Object.fromEntries(there), summary: readFileSync(summary, 'utf8') };
}

function outputsIn(file: string): Record<string, string> {
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return Object.fromEntries(lines.map((line) => [line.replace(/=.*/, ''), line.slice(line.indexOf('=') + 1)]));
}

/** What action.yml uses of conditions: `always()`, and comparisons with a text that have to be true all together. */
function isMet(condition: string | undefined, contexts: Contexts, isWell: boolean): boolean {
  if (condition === 'always()') return true;
  const comparisons = condition?.split(' && ') ?? [];
  return (
    isWell &&
    comparisons.every((each) => {
      const [, name = '', sign = '', text = ''] = /^([\w.-]+) ([!=]=) '(.*)'$/.exec(each) ?? [];
      return (valueOf(name, contexts) === text) === (sign === '==');
    })
  );
}

/** `${{ a.b || c.d }}`, which is all that action.yml uses of the expression language. */
function evaluated(value: string, contexts: Contexts): string {
  const [, expression = ''] = /^\$\{\{ (.*) \}\}$/.exec(value) ?? [];
  const values = expression.split(' || ').map((each) => valueOf(each, contexts));
  return values.find((each) => each !== '') ?? '';
}

/** The value of `inputs.x`, `github.x` or `steps.x.outputs.y`; a step that was not carried out has empty outputs. */
function valueOf(name: string, { inputs, github, steps }: Contexts): string {
  const [context = '', key = '', , output = ''] = name.split('.');
  const found = { inputs: inputs[key], github: github[key], steps: steps[key]?.[output] ?? '' }[context];
  if (found === undefined) throw new Error(`action.yml uses "${name}", which this runner does not know`);
  return found;
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
