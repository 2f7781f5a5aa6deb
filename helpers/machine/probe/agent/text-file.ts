/**
 * Reads text files that strangers made. Whatever is at the path, it takes no longer than reading a file of the limit's
 * size.
 */
import { closeSync, constants, fstatSync, openSync, readSync, readlinkSync } from 'node:fs';
import path from 'node:path';

const CHUNK = 65_536;
/** From <fcntl.h>; open(2). */
const O_PATH = 0o10000000;
/** Errors that mean that there is no such file; any other error is a fault of the machine. */
const NO_FILE = ['ENOENT', 'ENOTDIR', 'ELOOP', 'EACCES', 'ENXIO', 'ENAMETOOLONG'];

/** The number of links that Linux follows (path_resolution(7)). */
const MOST_LINKS = 40;
/** How many names may be looked up on the way. A link's target may have two thousand. */
const MOST_NAMES = 256;

/**
 * Resolves a path inside another root directory. Links are followed by hand: an absolute link would lead to our own
 * files.
 *
 * @param root The other root directory, or '' for our own.
 * @returns undefined when there are too many links or names on the way.
 */
export function inRoot(root: string, file: string): string | undefined {
  if (root === '') return file;
  const rest = namesIn(file);
  let done = '/';
  let links = 0;
  for (let looked = 0; looked < MOST_NAMES; looked++) {
    const name = rest.pop();
    if (name === undefined) return `${root}${done}`;
    const next = path.posix.join(done, name); // '..' of the root is the root
    const target = linkAt(`${root}${next}`);
    if (target === undefined) {
      done = next;
      continue;
    }
    if (++links > MOST_LINKS) return undefined;
    if (path.posix.isAbsolute(target)) done = '/';
    rest.push(...namesIn(target));
  }
  return undefined;
}

/** The names in a path, the last first. */
function namesIn(file: string): string[] {
  return file
    .split('/')
    .filter((name) => name !== '' && name !== '.')
    .reverse();
}

function linkAt(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch {
    return undefined; // not a link, or nothing there
  }
}

/**
 * @param file Undefined if it could not be found.
 * @param limit Bytes; what is longer is cut.
 * @returns undefined when there is no regular file of this name.
 */
export function readTextFile(file: string | undefined, limit: number): string | undefined {
  if (file === undefined) return undefined;
  let found: number;
  try {
    // Just found, and not opened: opening a pipe would wait, and opening a device may do something (a watchdog starts).
    found = openSync(file, O_PATH);
  } catch (error) {
    if (NO_FILE.includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
  try {
    return fstatSync(found).isFile() ? readFound(`/proc/self/fd/${found}`, limit) : undefined;
  } finally {
    closeSync(found);
  }
}

function readFound(file: string, limit: number): string {
  const descriptor = openSync(file, constants.O_RDONLY);
  try {
    return read(descriptor, limit);
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
