/** Runs the machine's own tools (ip, ping), each bounded in time. */
import { execFile } from 'node:child_process';

const COMMAND_MS = 5_000;

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
}

/** @throws when the command cannot be run at all, or does not end. */
export function execute(command: string, args: string[], { takesMs = 0, input = '' }: Options = {}): Promise<Executed> {
  return new Promise((resolve, reject) => {
    const child = execFile(command, args, { timeout: takesMs + COMMAND_MS }, (error, output, errors) => {
      if (error === null) resolve({ exitCode: 0, output, errors });
      else if (typeof error.code === 'number') resolve({ exitCode: error.code, output, errors });
      else reject(new Error(`${command}: ${error.message}`));
    });
    child.stdin?.on('error', () => undefined); // the command may end before it has read everything
    child.stdin?.end(input);
  });
}
