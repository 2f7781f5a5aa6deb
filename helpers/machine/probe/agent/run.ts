/**
 * Runs a student's deployment command on the lab host, with limits on time and output. Ends its whole process group.
 */
import { spawn } from 'node:child_process';
import type { Run, RunAnswer } from '../protocol.ts';
import { Middle } from './middle.ts';

const DRAIN_MS = 250;

export function run({ argv, cwd, env, timeoutMs, maxOutput }: Run): Promise<RunAnswer> {
  const started = performance.now();
  const startedAt = Date.now();
  return new Promise((resolve, reject) => {
    const [command = '', ...args] = argv;
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const output = new Middle(maxOutput);
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      endGroup(child.pid);
    }, timeoutMs);
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output.add(text);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      output.add(text);
    });
    child.once('error', (error) => {
      clearTimeout(timer);
      reject(error);
    });
    let exitCode: number | null = null;
    let drained: NodeJS.Timeout | undefined;
    const finish = (): void => {
      clearTimeout(timer);
      clearTimeout(drained);
      child.stdout.destroy();
      child.stderr.destroy();
      resolve({
        exitCode: timedOut ? null : exitCode,
        timedOut,
        output: output.text(),
        ms: Math.round(performance.now() - started),
        startedAt,
      });
    };
    // A background process of the script may keep the pipes open for ever. So after the script's exit, wait only this
    // long for the rest of its output.
    child.once('exit', (code) => {
      exitCode = code;
      drained = setTimeout(finish, DRAIN_MS);
    });
    child.once('close', finish);
  });
}

function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}
