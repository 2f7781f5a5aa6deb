/** Reads text files that strangers made: whatever stands at the path, it takes no longer than a file of the limit's size. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';

/** Bytes of a stranger's text that are of interest; the rest is cut. */
export const TEXT_LIMIT = 65_536;
const CHUNK = 65_536;
/** Errors that say something of the path; anything else is a fault of the reader's machine. */
const NO_FILE = ['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES', 'ENXIO', 'ENAMETOOLONG'];

/**
 * @param limit Bytes; what is longer is cut.
 * @returns undefined when there is no regular file of this name.
 */
export function readTextFile(path: string, limit: number): string | undefined {
  let file: number;
  try {
    // Without O_NONBLOCK, a named pipe would keep the reader waiting for somebody to write.
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (NO_FILE.includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
  try {
    return fstatSync(file).isFile() ? read(file, limit) : undefined;
  } finally {
    closeSync(file);
  }
}

function read(file: number, limit: number): string {
  const chunks: Buffer[] = [];
  let total = 0;
  while (total < limit) {
    const chunk = Buffer.alloc(Math.min(CHUNK, limit - total));
    const length = readSync(file, chunk);
    if (length === 0) break;
    chunks.push(chunk.subarray(0, length));
    total += length;
  }
  return Buffer.concat(chunks).toString('utf8');
}
