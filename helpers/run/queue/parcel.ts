/**
 * A lab's folder on its way to a worker: a compressed tar, named by the digest of its content. If the content that
 * arrives has another digest, it is refused.
 */
import { createHash } from 'node:crypto';
import { chmod, mkdir, symlink } from 'node:fs/promises';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { Readable, Transform } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import tar from 'tar-stream';
import { InfrastructureError } from '../../base/failure.ts';
import { packFolder } from '../../machine/lab-host/pack-folder.ts';
import { cut } from '../../report/plain.ts';
import { LIMITS, PERMISSIONS, type Contents } from '../../submission/contents.ts';

export interface Parcel {
  /** SHA-256 of the content, in hexadecimal. */
  digest: string;
  content: Buffer;
}

const INSIDE = 'submission';
/** Bytes that a parcel may unpack to: the largest submission, with each entry's header and padding. */
const LARGEST = LIMITS.bytes + LIMITS.entries * 4096;
/** Bytes of a path in a parcel. */
const LONGEST = INSIDE.length + 1 + LIMITS.path;

/** @param contents Within the limits; see submission/contents.ts. */
export async function packParcel(contents: Contents): Promise<Parcel> {
  const zip = createGzip();
  const [content] = await Promise.all([buffer(zip), pipeline(packFolder(contents, INSIDE), zip)]);
  return { digest: sha256(content), content };
}

/**
 * Unpacks a parcel into an empty folder. Nothing is made outside of that folder.
 *
 * @returns where the lab's folder is then.
 * @throws {InfrastructureError} when it is not what its name says, has anything but files, folders and symbolic links, or
 *   is more than a submission may be.
 */
export async function unpackParcel({ digest, content }: Parcel, into: string): Promise<string> {
  if (sha256(content) !== digest)
    throw new InfrastructureError('the submission did not arrive as it was sent: its digest is another one');
  const entries = new CheckedEntries();
  const links: { file: string; to: string }[] = [];
  const modes: { file: string; mode: number }[] = [];
  const unpack = tar.extract();
  const received = pipeline(Readable.from([content]), createGunzip(), upTo(LARGEST), unpack);
  received.catch(() => undefined); // awaited below, unless an entry is refused before
  for await (const entry of unpack) {
    const file = path.join(into, entries.checked(entry.header));
    const { type, linkname } = entry.header;
    const mode = entry.header.mode & PERMISSIONS;
    if (type === 'directory') await mkdir(file, { mode: 0o700 });
    else if (type === 'file') await pipeline(entry, createWriteStream(file, { flags: 'wx', mode: 0o600 }));
    else links.push({ file, to: linkname });
    if (type !== 'symlink') modes.push({ file, mode });
    entry.resume();
  }
  await received;
  // Links and permissions come last: so no file is written through a link, or into a folder that is already read-only.
  for (const { file, to } of links) await symlink(to, file);
  for (const { file, mode } of modes.reverse()) await chmod(file, mode);
  return path.join(into, INSIDE);
}

/**
 * Checks entries one after the other, in their order. Each lies in a folder that came before it and comes once: so nothing
 * lies below a link, and nothing takes another one's place.
 */
class CheckedEntries {
  readonly #names = new Set<string>();
  readonly #folders = new Set<string>();

  /** @returns the entry's path in the parcel. @throws {InfrastructureError} when it must not be unpacked. */
  checked({ name, type }: Pick<tar.Header, 'name' | 'type'>): string {
    const own = name.replace(/\/$/, ''); // as folders are written
    const what = `the parcel has ${JSON.stringify(cut(own, 100))}, which`;
    if (own.split('/').some((part) => ['', '.', '..'].includes(part)) || own.includes('\0'))
      throw new InfrastructureError(`${what} is outside of itself`);
    if (type !== 'file' && type !== 'directory' && type !== 'symlink')
      throw new InfrastructureError(`${what} is neither a file, a folder nor a symbolic link`);
    if (Buffer.byteLength(own) > LONGEST) throw new InfrastructureError(`${what} is too long`);
    if (this.#names.has(own)) throw new InfrastructureError(`${what} is there twice`);
    const isFirst = this.#names.size === 0;
    if (isFirst && (own !== INSIDE || type !== 'directory'))
      throw new InfrastructureError(`${what} is not what a parcel begins with`);
    if (!isFirst && !this.#folders.has(path.posix.dirname(own)))
      throw new InfrastructureError(`${what} lies in no folder of it`);
    if (this.#names.size > LIMITS.entries)
      throw new InfrastructureError('the parcel has more entries than a submission may have');
    this.#names.add(own);
    if (type === 'directory') this.#folders.add(own);
    return own;
  }
}

/** Passes at most so many bytes on, then fails. */
function upTo(limit: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length;
      if (bytes <= limit) done(null, chunk);
      else done(new InfrastructureError('the parcel unpacks to more than a submission may be'));
    },
  });
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
