/** Where the lines of `--verbose` go. */
import { closeSync, openSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { logTo } from '../base/log.ts';

/** To standard error, beside what the command says there anyway. */
export function logToScreen(): void {
  logTo((line) => process.stderr.write(`${line}\n`));
}

/**
 * To a new file that only this user may read: for a command that draws on the whole screen.
 *
 * @returns its path, and what ends the log.
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
