/** Runs the grader as its users do, in a process of its own. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { LabRecord, StudentRecord } from '../../helpers/report/record.ts';
import type { Summary } from '../../helpers/report/summary.ts';

export interface Run {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

/** A grader or a worker that is running; `ended` resolves when it has gone. */
export interface RunningGrader {
  process: ChildProcess;
  /** What it has printed so far. */
  printed: Omit<Run, 'exitCode'>;
  ended: Promise<Run>;
}

/** @returns what starts a program of helpers/cli, without npm in between: signals reach it. */
export function commandOf(program: string): string[] {
  return [process.execPath, '--disable-warning=ExperimentalWarning', path.resolve(`helpers/cli/${program}.ts`)];
}

/**
 * As on an instructor's machine, wherever the tests run: in CI the grader prints only what students may read, too, and
 * on a GitHub runner everything goes to one stream.
 */
const AT_HOME = { CI: '', GITHUB_ACTIONS: '' };

/** Starts `npm run grade -- …args` without npm in between, so that signals reach it. */
export function startGrading(args: string[], env: Record<string, string> = {}): RunningGrader {
  return start('grade', args, env);
}

/** Starts `npm run worker -- …args` in the same way. */
export function startWorking(args: string[], env: Record<string, string> = {}): RunningGrader {
  return start('worker', args, env);
}

function start(program: string, args: string[], env: Record<string, string>): RunningGrader {
  const [node = '', ...command] = commandOf(program);
  const child = spawn(node, [...command, ...args], {
    env: { ...process.env, ...AT_HOME, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => (printed.stdout += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (printed.stderr += chunk.toString('utf8')));
  const ended = new Promise<Run>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (exitCode) => {
      resolve({ ...printed, exitCode });
    });
  });
  return { process: child, printed, ended };
}

export function grade(args: string[], env: Record<string, string> = {}): Promise<Run> {
  return startGrading(args, env).ended;
}

/** Runs `npm run explain -- …args`. */
export function explain(args: string[], env: Record<string, string> = {}): Promise<Run> {
  return start('explain', args, env).ended;
}

/** Runs `npm run report -- …args`. */
export function report(args: string[], env: Record<string, string> = {}): Promise<Run> {
  return start('report', args, env).ended;
}

/** Runs `npm run judge -- …args`. */
export function judgeKept(args: string[], env: Record<string, string> = {}): Promise<Run> {
  return start('judge', args, env).ended;
}

export interface Workspace extends Disposable {
  submissions: string;
  out: string;
}

/** A folder for submissions and one for reports, removed afterwards. */
export function workspace(): Workspace {
  const root = mkdtempSync(path.join(os.tmpdir(), 'netgrade-test-'));
  return {
    submissions: path.join(root, 'submissions'),
    out: path.join(root, 'reports'),
    [Symbol.dispose]: () => {
      rmSync(root, { recursive: true, force: true });
    },
  };
}

export function recordOf(out: string, student: string): StudentRecord {
  return JSON.parse(readFileSync(path.join(out, `${student}.json`), 'utf8')) as StudentRecord;
}

export function labOf(out: string, student: string, lab: string): LabRecord {
  const record = recordOf(out, student).labs.find((each) => each.lab === lab);
  if (record === undefined) throw new Error(`no record of ${lab} for ${student}`);
  return record;
}

export function summaryIn(out: string): Summary {
  return JSON.parse(readFileSync(path.join(out, 'summary.json'), 'utf8')) as Summary;
}

/** What a lab's record shows of outputs: with its cause, or with a criterion's evidence. */
export function outputsIn({ cause, criteria }: LabRecord): string {
  const shown = criteria.flatMap(({ evidence }) => evidence);
  return [cause?.says ?? '', cause?.output ?? '', ...shown.flatMap(({ what, output }) => [what, output])].join('\n');
}

/** Ids of a lab's criteria with a status, sorted. */
export function criteriaWith(lab: LabRecord, status: string): string[] {
  return lab.criteria
    .filter((each) => each.status === status)
    .map(({ id }) => id)
    .sort();
}

/** Every file of a reports folder: its text, unpacked where it is packed, by its path in the folder. */
export function reportsIn(folder: string): Record<string, string> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const files = entries.map(({ parentPath, name }) => path.join(parentPath, name));
  const textOf = (file: string): string => {
    const content = readFileSync(file);
    return (file.endsWith('.gz') ? gunzipSync(content) : content).toString('utf8');
  };
  return Object.fromEntries(files.map((file) => [path.relative(folder, file), textOf(file)]));
}
