/** A short name for the content of folders. */
import { createHash } from 'node:crypto';
import { readFile, readdir, readlink } from 'node:fs/promises';
import path from 'node:path';

/**
 * @param besides A further text that the digest depends on.
 * @param except Files and folders that are left out.
 * @returns 12 hexadecimal characters; the same for the same paths, bytes and links, whatever the dates.
 */
export async function digestOf(folders: string[], besides = '', except: string[] = []): Promise<string> {
  const hash = createHash('sha256').update(besides);
  for (const folder of folders) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const paths = entries
      .filter((entry) => !entry.isDirectory())
      .map((entry) => ({ entry, file: path.join(entry.parentPath, entry.name) }))
      .filter(({ file }) => !except.some((each) => file === each || file.startsWith(`${each}${path.sep}`)));
    for (const { entry, file } of paths.sort((a, b) => (a.file < b.file ? -1 : 1))) {
      hash.update(`${path.relative(folder, file)}\0`);
      if (entry.isFile()) hash.update(await readFile(file));
      else if (entry.isSymbolicLink()) hash.update(await readlink(file));
      hash.update('\0');
    }
  }
  return hash.digest('hex').slice(0, 12);
}
