/**
 * A control group in which there is no more memory: what a process has it keeps, and the next page that it asks for is
 * its end (kernel documentation, admin-guide/cgroup-v1/memory and admin-guide/cgroup-v2). Takes root.
 */
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const ROOT = '/sys/fs/cgroup';
const IS_V2 = existsSync(path.join(ROOT, 'cgroup.controllers'));
const ONE_PAGE = '4096';
const LIMITS = IS_V2 ? { 'memory.swap.max': '0', 'memory.max': ONE_PAGE } : { 'memory.limit_in_bytes': ONE_PAGE };

export class NoMemory implements Disposable {
  readonly #folder = path.join(ROOT, IS_V2 ? '' : 'memory', `netgrade-test-${process.pid}`);

  constructor() {
    mkdirSync(this.#folder);
    for (const [file, text] of Object.entries(LIMITS)) writeFileSync(path.join(this.#folder, file), text);
  }

  /** From now on this process gets no more; those that it has started before still do. */
  for(pid: number): void {
    writeFileSync(path.join(this.#folder, 'cgroup.procs'), String(pid));
  }

  /** When its process has ended. */
  [Symbol.dispose](): void {
    rmdirSync(this.#folder);
  }
}
