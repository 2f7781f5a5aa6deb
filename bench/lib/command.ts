/** Commands that are measured: run to their end while this process goes on looking at them. */
import { spawn, type ChildProcess } from 'node:child_process';

const LONGEST_MS = 3_600_000;

export interface Ended {
  status: number | null;
  output: string;
}

export interface Running {
  child: ChildProcess;
  ended: Promise<Ended>;
}

/** @param timeoutMs After this long it is ended. */
export function start(argv: string[], env: NodeJS.ProcessEnv = {}, timeoutMs = LONGEST_MS): Running {
  const [command = '', ...args] = argv;
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
    timeout: timeoutMs,
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  const ended = new Promise<Ended>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => {
      resolve({ status, output });
    });
  });
  return { child, ended };
}

/** @throws when it fails, with the end of what it printed. */
export async function succeed(argv: string[], env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { status, output } = await start(argv, env).ended;
  if (status === 0) return output;
  throw new Error(`\`${argv.join(' ')}\` ended with ${String(status)}:\n${output.slice(-4_000)}`);
}
