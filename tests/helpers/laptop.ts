/** A student's own machine: the grader runs on it, beside an engine on which the student has other things too. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { workspace, type Run, type Workspace } from './grade.ts';
import { bootMachine, type BindMount, type Machine, type MachineOptions } from './machine.ts';

/** Where the machine sees this checkout, and the workspace. */
const CHECKOUT = '/netgrade';
const WORK = '/work-of-students';

export interface Laptop extends Machine {
  /** Seen from here. */
  place: Workspace;
  /** `npm run grade -- …args` there, on `submissions` and into `out` of the place. */
  grade: (args: string[], options?: LaptopOptions) => Promise<Run>;
}

export interface LaptopOptions {
  env?: Record<string, string>;
  /** Put before the command, e.g. to give it another view of the machine. */
  through?: string[];
  /** Called with what the grader has said so far, whenever it says something. */
  onOutput?: (said: string) => void;
}

export async function bootLaptop(options: Pick<MachineOptions, 'outlivesItsEngine'> = {}): Promise<Laptop> {
  const place = workspace();
  const root = path.dirname(place.submissions);
  const binds: BindMount[] = [
    { source: process.cwd(), target: CHECKOUT, mode: 'ro' },
    { source: root, target: WORK },
  ];
  const machine = await bootMachine({ ...options, binds });
  return {
    ...machine,
    place,
    grade: (args, options = {}) => gradeIn(machine.container.id, args, options),
    [Symbol.asyncDispose]: async () => {
      await machine[Symbol.asyncDispose]();
      place[Symbol.dispose]();
    },
  };
}

function gradeIn(container: string, args: string[], { env = {}, through = [], onOutput }: LaptopOptions): Promise<Run> {
  const settings = Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  const program = ['node', '--disable-warning=ExperimentalWarning', 'helpers/cli/grade.ts'];
  // What runs on a live host is graded without a folder of submissions.
  const submissions = args.includes('--live') ? [] : ['--submissions', `${WORK}/submissions`];
  const command = [...through, ...program, ...submissions, '--out', `${WORK}/reports`, ...args];
  const child = spawn('docker', ['exec', ...settings, '--workdir', CHECKOUT, container, ...command], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const run: Run = { exitCode: null, stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (run.stdout += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => {
    run.stderr += chunk.toString('utf8');
    onOutput?.(run.stderr);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => {
      resolve({ ...run, exitCode });
    });
  });
}
