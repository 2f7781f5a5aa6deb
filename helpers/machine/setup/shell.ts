/** Runs a command of the preparation to its end. Its output is shown only if the command fails. */
import { spawn } from 'node:child_process';
import { downloadFailure } from '../../base/docker/download-failure.ts';
import { InfrastructureError, UsageError } from '../../base/failure.ts';
import { logged } from '../../base/log.ts';

interface ShellOptions {
  timeoutMs: number;
  input?: NodeJS.ReadableStream;
  cwd?: string;
}

/** Docker's own, which would have images made for another kind of machine than the engine's. */
const FOREIGN_PLATFORM = 'DOCKER_DEFAULT_PLATFORM';
/** Of a command's output, at most so many of its last lines are shown. */
const MOST_LINES = 15;

/**
 * @param timeoutMs After this long the command is ended.
 * @throws {InfrastructureError} with the end of its output when it fails: what the commands need is in reach at one time,
 *   and not at another.
 * @throws {UsageError} when the command is not installed.
 */
export function sh(argv: string[], options: ShellOptions): Promise<string> {
  return logged('command', argv.join(' '), () => run(argv, options));
}

async function run(argv: string[], options: ShellOptions): Promise<string> {
  const [command = '', ...args] = argv;
  const env = { ...process.env, [FOREIGN_PLATFORM]: undefined };
  const { timeoutMs: timeout, cwd, input } = options;
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'], cwd, env, timeout });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')));
  child.stdin.on('error', () => undefined); // the command's exit code tells more
  if (input === undefined) child.stdin.end();
  else input.pipe(child.stdin);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', (error: NodeJS.ErrnoException) => {
      const missing = `the command ${command} is not installed here, or not in PATH; netgrade needs it`;
      reject(error.code === 'ENOENT' ? new UsageError(missing) : error);
    });
    child.once('close', resolve);
  });
  if (code === 0) return output;
  throw failed(argv, code, output, timeout);
}

function failed(argv: string[], code: number | null, output: string, timeoutMs: number): InfrastructureError {
  const how = code === null ? `not done in ${timeoutMs / 1000} s` : `exit code ${code}`;
  const what = `\`${argv.join(' ')}\` failed (${how})`;
  const download = downloadFailure(output);
  if (download !== undefined)
    return new InfrastructureError(
      `something could not be downloaded: ${download}. When the network is there again, the same command goes on from here`,
    );
  return new InfrastructureError(`${what}:\n${output.trim().split('\n').slice(-MOST_LINES).join('\n')}`);
}
