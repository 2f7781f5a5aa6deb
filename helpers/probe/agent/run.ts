/** Runs a student's deployment command on the lab host: bounded in time and output, its whole process group ended. */
import { spawn } from 'node:child_process';
import type { Run, RunAnswer } from '../protocol.ts';

const DRAIN_MS = 250;

export function run({ argv, cwd, env, timeoutMs, maxOutput }: Run): Promise<RunAnswer> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const [command = '', ...args] = argv;
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    const output = new Middle(maxOutput);
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      endGroup(child.pid);
    }, timeoutMs);
    child.stdout.on('data', (chunk: Buffer) => {
      output.add(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      output.add(chunk);
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
      });
    };
    // A process that the script left in the background may hold the pipes for ever: after the exit, what was
    // written before it gets this long to arrive.
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

/** Keeps the beginning and the end of a text, each at most half of the limit. */
class Middle {
  readonly #half: number;
  #head = '';
  #tail = '';
  #dropped = 0;

  constructor(limit: number) {
    this.#half = Math.floor(limit / 2);
  }

  add(chunk: Buffer): void {
    const text = chunk.toString('utf8');
    const room = this.#half - this.#head.length;
    this.#head += text.slice(0, room);
    const tail = this.#tail + text.slice(Math.max(room, 0));
    this.#dropped += Math.max(tail.length - this.#half, 0);
    this.#tail = tail.slice(-this.#half);
  }

  text(): string {
    return this.#dropped === 0
      ? this.#head + this.#tail
      : `${this.#head}\n[… ${this.#dropped} characters …]\n${this.#tail}`;
  }
}
