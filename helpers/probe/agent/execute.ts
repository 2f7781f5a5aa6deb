/** Runs the machine's own tools (ip, ping), each bounded in time. */
import { execFile } from 'node:child_process';

const COMMAND_MS = 5_000;

/** @throws when the command cannot be run at all, or does not end. */
export function execute(command: string, args: string[]): Promise<{ exitCode: number; output: string }> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { timeout: COMMAND_MS }, (error, output) => {
      if (error === null) resolve({ exitCode: 0, output });
      else if (typeof error.code === 'number') resolve({ exitCode: error.code, output });
      else reject(new Error(`${command}: ${error.message}`));
    });
  });
}
