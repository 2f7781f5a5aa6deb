/** Chooses where the lines of `--verbose` go. */
import { closeSync, openSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { logTo } from '../base/log.ts';

/** Writes them to standard error, between the other messages of the command. */
export function logToScreen(): void {
  logTo((line) => process.stderr.write(`${line}\n`));
}

/**
 * Writes them to a new file that only this user may read. It is for a command that draws on the whole screen.
 *
 * @returns the file's path. Disposing of the result ends the log.
 */
export function logToFile(): { file: string } & Disposable {
  const file = path.join(os.tmpdir(), `netgrade-log-${process.pid}-${Date.now()}.txt`);
  const descriptor = openSync(file, 'wx', 0o600);
  logTo((line) => {
    writeSync(descriptor, `${line}\n`);
  });
  return {
    file,
    [Symbol.dispose]: () => {
      logTo(undefined);
      closeSync(descriptor);
    },
  };
}
