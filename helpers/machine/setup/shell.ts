/** Runs a command of the preparation to its end. Its output is shown only if the command fails. */
import { spawn } from 'node:child_process';
import { UsageError } from '../../base/failure.ts';
import { logged } from '../../base/log.ts';

interface ShellOptions {
  timeoutMs: number;
  input?: NodeJS.ReadableStream;
  cwd?: string;
}

/**
 * @param timeoutMs After this long the command is ended.
 * @throws {UsageError} with the end of its output when it fails.
 */
export function sh(argv: string[], options: ShellOptions): Promise<string> {
  return logged('command', argv.join(' '), () => run(argv, options));
}

async function run(argv: string[], options: ShellOptions): Promise<string> {
  const [command = '', ...args] = argv;
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], cwd: options.cwd, timeout: options.timeoutMs });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  child.stdin.on('error', () => undefined); // the command's exit code tells more
  if (options.input === undefined) child.stdin.end();
  else options.input.pipe(child.stdin);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (code === 0) return output;
  throw new UsageError(
    `\`${argv.join(' ')}\` failed (${code === null ? 'time limit' : `exit ${code}`}):\n${output.trim().split('\n').slice(-15).join('\n')}`,
  );
}
