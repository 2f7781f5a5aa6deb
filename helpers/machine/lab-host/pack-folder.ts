/**
 * A submission's folder as a tar stream. Only regular files, folders and symbolic links travel, links as links:
 * a link that points at a file of the grading host arrives as a dangling link.
 */
import { lstat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import tar from 'tar-stream';
import { InfrastructureError, reasonOf } from '../../base/failure.ts';
import { PERMISSIONS, type Contents } from '../../submission/contents.ts';
import { itemsOf, type Item, type Reading } from '../../submission/items.ts';

/** @returns a tar stream that unpacks to `target` when extracted at `/`. */
export function packFolder(
  contents: Pick<Contents, 'folder' | 'entries'> & Partial<Contents>,
  target: string,
  reading: Reading = {},
): Readable {
  const pack = tar.pack();
  write(pack, { bytes: 0, ...contents }, target.replace(/^\//, ''), reading).then(
    () => {
      pack.finalize();
    },
    (error: unknown) => {
      pack.destroy(new InfrastructureError(`the submission cannot be read: ${reasonOf(error)}`));
    },
  );
  return Readable.from(pack);
}

async function write(pack: tar.Pack, contents: Contents, root: string, reading: Reading): Promise<void> {
  const { mode, mtime } = await lstat(contents.folder);
  await add(pack, { kind: 'folder', name: '', mode: mode & PERMISSIONS, mtime }, root, reading);
  for await (const item of itemsOf(contents, reading)) await add(pack, item, `${root}/${item.name}`, reading);
}

async function add(pack: tar.Pack, item: Item, name: string, { changeable = false }: Reading): Promise<void> {
  const { kind, mode, mtime, target, content } = item;
  const owners = !changeable ? 0 : kind === 'folder' ? 0o700 : 0o600;
  const header = { name, mode: mode | owners, ...(mtime !== undefined && { mtime }) };
  if (kind === 'folder') pack.entry({ ...header, type: 'directory' });
  else if (kind === 'link') pack.entry({ ...header, type: 'symlink', linkname: target ?? '' });
  else if (Buffer.isBuffer(content))
    await pipeline(Readable.from([content]), pack.entry({ ...header, size: content.length }));
  else if (content !== undefined) await pipeline(content.stream(), pack.entry({ ...header, size: content.size }));
}
