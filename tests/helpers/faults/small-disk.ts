/** A file system of a test's own in memory, of a size at which nobody else notices that it is full. Takes root. */
import { spawnSync } from 'node:child_process';
import { closeSync, fstatSync, ftruncateSync, mkdtempSync, openSync, rmdirSync, rmSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const PIECE = Buffer.alloc(1024);

export class SmallDisk implements Disposable {
  readonly folder: string;
  readonly #filler: string;

  constructor(size: string) {
    this.folder = mkdtempSync(path.join(os.tmpdir(), 'netgrade-test-disk-'));
    this.#filler = path.join(this.folder, 'filler');
    run('mount', '-t', 'tmpfs', '-o', `size=${size}`, 'netgrade-test', this.folder);
  }

  /** @param room How many bytes are left free. */
  fill(room = 0): void {
    const file = openSync(this.#filler, 'w');
    try {
      for (;;) writeSync(file, PIECE);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
      ftruncateSync(file, Math.max(0, fstatSync(file).size - room));
    } finally {
      closeSync(file);
    }
  }

  free(): void {
    rmSync(this.#filler, { force: true });
  }

  [Symbol.dispose](): void {
    run('umount', '--lazy', this.folder);
    rmdirSync(this.folder);
  }
}

function run(command: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}`);
}
