/** Runs the machine's own tools (ip, ping), each bounded in time. */
import { execFile } from 'node:child_process';

const COMMAND_MS = 5_000;

/**
 * @param takesMs How long it may take by its own arguments, in milliseconds.
 * @throws when the command cannot be run at all, or does not end.
 */
export function execute(command: string, args: string[], takesMs = 0): Promise<{ exitCode: number; output: string }> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { timeout: takesMs + COMMAND_MS }, (error, output) => {
      if (error === null) resolve({ exitCode: 0, output });
      else if (typeof error.code === 'number') resolve({ exitCode: error.code, output });
      else reject(new Error(`${command}: ${error.message}`));
    });
  });
}
