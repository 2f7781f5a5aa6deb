/**
 * A submission's folder as a tar stream. Only regular files, folders and symbolic links travel, links as links:
 * a link that points at a file of the grading host arrives as a dangling link.
 */
import { createReadStream } from 'node:fs';
import { lstat, readlink } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import tar from 'tar-stream';
import { InfrastructureError, reasonOf } from '../../base/failure.ts';
import { PERMISSIONS, type Contents } from '../../submission/contents.ts';

interface Source {
  /** On the grading host. */
  source: string;
  /** In the archive. */
  name: string;
}

/** @returns a tar stream that unpacks to `target` when extracted at `/`. */
export function packFolder({ folder, entries }: Pick<Contents, 'folder' | 'entries'>, target: string): Readable {
  const pack = tar.pack();
  const root = { source: folder, name: target.replace(/^\//, '') };
  const inside = entries.map(({ name }) => ({ source: path.join(folder, name), name: `${root.name}/${name}` }));
  write(pack, [root, ...inside]).then(
    () => {
      pack.finalize();
    },
    (error: unknown) => {
      pack.destroy(new InfrastructureError(`the submission cannot be read: ${reasonOf(error)}`));
    },
  );
  return Readable.from(pack);
}

async function write(pack: tar.Pack, entries: Source[]): Promise<void> {
  for (const { source, name } of entries) {
    const stat = await lstat(source);
    const header = { name, mode: stat.mode & PERMISSIONS, mtime: stat.mtime };
    if (stat.isDirectory()) pack.entry({ ...header, type: 'directory' });
    else if (stat.isSymbolicLink()) pack.entry({ ...header, type: 'symlink', linkname: await readlink(source) });
    else if (stat.isFile()) await pipeline(createReadStream(source), pack.entry({ ...header, size: stat.size }));
  }
}
