/**
 * Reads text files that strangers made. Whatever is at the path, it takes no longer than reading a file of the limit's
 * size.
 */
import { closeSync, constants, fstatSync, openSync, readSync, readlinkSync } from 'node:fs';
import path from 'node:path';

const CHUNK = 65_536;
/** Errors that mean that there is no such file; any other error is a fault of the machine. */
const NO_FILE = ['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES', 'ENXIO', 'ENAMETOOLONG'];

/** The number of links that Linux follows (path_resolution(7)). */
const MOST_LINKS = 40;

/**
 * Resolves a path inside another root directory. Links are followed by hand: an absolute link would lead to our own
 * files.
 *
 * @param root The other root directory, or '' for our own.
 */
export function inRoot(root: string, file: string): string {
  if (root === '') return file;
  let rest = file.split('/');
  let done = '/';
  let links = 0;
  for (let part = rest.shift(); part !== undefined; part = rest.shift()) {
    const next = path.posix.join(done, part); // '..' of the root is the root
    const target = linkAt(`${root}${next}`);
    if (target === undefined || ++links > MOST_LINKS) {
      done = next;
      continue;
    }
    if (path.posix.isAbsolute(target)) done = '/';
    rest = [...target.split('/'), ...rest];
  }
  return `${root}${done}`;
}

function linkAt(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch {
    return undefined; // not a link, or nothing there
  }
}

/**
 * @param limit Bytes; what is longer is cut.
 * @returns undefined when there is no regular file of this name.
 */
export function readTextFile(file: string, limit: number): string | undefined {
  let descriptor: number;
  try {
    // Without O_NONBLOCK, a named pipe would keep the reader waiting for somebody to write.
    descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (NO_FILE.includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
  try {
    return fstatSync(descriptor).isFile() ? read(descriptor, limit) : undefined;
  } finally {
    closeSync(descriptor);
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
