/**
 * Safely reads a file that a stranger made: only regular files; no link is followed, no pipe or device is waited for.
 */
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

/** Bytes of a stranger's text that are read; the rest is cut. */
export const TEXT_LIMIT = 65_536;

/** Error codes that mean that there is no file of this name. */
const NOTHING = ['ENOENT', 'ENOTDIR'];

/** Why a file was not read: it does not exist, it is not a regular file, or it is too long. */
export type Unread = 'missing' | 'no file' | 'too long';

/**
 * @param limit Bytes; a file that is longer is not read.
 * @throws when it is a file and cannot be read.
 */
export async function readPlainFile(file: string, limit: number): Promise<Buffer | Unread> {
  const opened = await openPlainFile(file);
  if (typeof opened === 'string') return opened;
  await using handle = opened;
  // Read one byte more than the limit: the size that a file reports cannot be relied on.
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(limit + 1), 0, limit + 1, 0);
  return bytesRead > limit ? 'too long' : buffer.subarray(0, bytesRead);
}

/**
 * @returns an open file, to be closed by the caller; or why there is none.
 * @throws when it is a file and cannot be opened.
 */
export async function openPlainFile(file: string): Promise<FileHandle | Exclude<Unread, 'too long'>> {
  try {
    // Without O_NONBLOCK, a named pipe would keep the reader waiting for somebody to write.
    const handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
    return 'no file';
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (NOTHING.includes(code)) return 'missing';
    // ELOOP: a link. ENXIO: a socket, or a pipe that nobody reads.
    if (code === 'ELOOP' || code === 'ENXIO') return 'no file';
    throw error;
  }
}
