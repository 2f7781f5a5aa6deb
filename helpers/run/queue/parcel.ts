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
import { LIMITS, type Contents } from '../../submission/contents.ts';

export interface Parcel {
  /** SHA-256 of the content, in hexadecimal. */
  digest: string;
  content: Buffer;
}

const INSIDE = 'submission';
/** Bytes that a parcel may unpack to: the largest submission, with each entry's header and padding. */
const LARGEST = LIMITS.bytes + LIMITS.entries * 4096;

/** @param contents Within the limits; see submission/contents.ts. */
export async function packParcel(contents: Contents): Promise<Parcel> {
  const zip = createGzip();
  const [content] = await Promise.all([buffer(zip), pipeline(packFolder(contents, INSIDE), zip)]);
  return { digest: sha256(content), content };
}

/**
 * Unpacks a parcel into an empty folder.
 *
 * @returns where the lab's folder is then.
 * @throws {InfrastructureError} when it is not what its name says, or more than a submission may be.
 */
export async function unpackParcel({ digest, content }: Parcel, into: string): Promise<string> {
  if (sha256(content) !== digest)
    throw new InfrastructureError('the submission did not arrive as it was sent: its digest is another one');
  const links: { file: string; to: string }[] = [];
  const modes: { file: string; mode: number }[] = [];
  const unpack = tar.extract();
  const received = pipeline(Readable.from([content]), createGunzip(), upTo(LARGEST), unpack);
  received.catch(() => undefined); // awaited below, unless an entry is refused before
  for await (const entry of unpack) {
    const { name, type, linkname, mode } = entry.header;
    const file = within(into, name);
    if (type === 'directory') {
      await mkdir(file, { recursive: true });
      modes.push({ file, mode });
    } else if (type === 'file') await pipeline(entry, createWriteStream(file, { flags: 'wx', mode: 0o600 }));
    else if (type === 'symlink') links.push({ file, to: linkname });
    if (type === 'file') modes.push({ file, mode });
    entry.resume();
  }
  await received;
  // Links and permissions come last: so no file is written through a link, or into a folder that is already read-only.
  for (const { file, to } of links) await symlink(to, file);
  for (const { file, mode } of modes.reverse()) await chmod(file, mode);
  return path.join(into, INSIDE);
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

function within(folder: string, name: string): string {
  const file = path.resolve(folder, name);
  if (file.startsWith(folder + path.sep)) return file;
  throw new InfrastructureError(`the parcel has a file outside of itself: ${name}`);
}

function sha256(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
