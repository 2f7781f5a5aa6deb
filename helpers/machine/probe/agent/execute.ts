/** Runs the machine's own tools (ip, ping), each bounded in time. */
import { execFile } from 'node:child_process';

const COMMAND_MS = 10_000;
/** Bytes of each output: what `ip` says of a hundred thousand interfaces, which whoever may make one may make. */
const MOST_OUTPUT = 64 * 1024 * 1024;

export interface Executed {
  exitCode: number;
  /** What it wrote to its standard output, and to its standard error. */
  output: string;
  errors: string;
}

interface Options {
  /** Milliseconds that the command may take because of its own arguments, e.g. a timeout. */
  takesMs?: number;
  /** For its standard input. */
  input?: string;
  /** Bytes of output after which it is ended; its outcome is then like an exit code of 0. */
  enough?: number;
}

const TOO_MUCH = 'ERR_CHILD_PROCESS_STDIO_MAXBUFFER';

/** @throws when the command cannot be run at all, or does not end. */
export function execute(
  command: string,
  args: string[],
  { takesMs = 0, input = '', enough }: Options = {},
): Promise<Executed> {
  return new Promise((resolve, reject) => {
    // Not `timeout`: where that comes just when the command has ended by itself, the outcome is an exit code of 0 and no output.
    const bounds = { signal: AbortSignal.timeout(takesMs + COMMAND_MS), maxBuffer: enough ?? MOST_OUTPUT };
    const child = execFile(command, args, bounds, (error, output, errors) => {
      if (error === null || (enough !== undefined && (error.code as unknown) === TOO_MUCH))
        resolve({ exitCode: 0, output, errors });
      else if (typeof error.code === 'number') resolve({ exitCode: error.code, output, errors });
      else reject(new Error(`${command}: ${error.name === 'AbortError' ? 'it did not end in time' : error.message}`));
    });
    child.stdin?.on('error', () => undefined); // the command may end before it has read everything
    child.stdin?.end(input);
  });
}
