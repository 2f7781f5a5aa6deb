/** Reads tar archives, packed with gzip or not, in the memory of this process. */
import type { FileHandle } from 'node:fs/promises';
import { Readable, Transform } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import tar from 'tar-stream';
import type { Limits } from '../contents.ts';
import { ArchiveError, type RawMember } from './raw-member.ts';

const GZIP = Buffer.from([0x1f, 0x8b]);
/** What is left out (node_modules) has to be read nevertheless: so many times the limit of what counts. */
const MOST_READ = 5;
const KINDS: Partial<Record<string, RawMember['kind']>> = {
  file: 'file',
  'contiguous-file': 'file',
  directory: 'folder',
  symlink: 'link',
  link: 'link',
};

/** @param input The archive. A handle stays open. */
export async function* tarMembers(input: FileHandle | Buffer, limits: Limits): AsyncGenerator<RawMember> {
  const first = Buffer.alloc(GZIP.length);
  if (Buffer.isBuffer(input)) input.copy(first);
  else await input.read(first, 0, first.length, 0);
  const packed = Buffer.isBuffer(input)
    ? Readable.from([input])
    : input.createReadStream({ autoClose: false, start: 0 });
  const unpack = tar.extract();
  const bounded = upTo(limits.bytes * MOST_READ);
  const read = first.equals(GZIP)
    ? pipeline(packed, createGunzip(), bounded, unpack)
    : pipeline(packed, bounded, unpack);
  read.catch(() => undefined); // the loop below ends with the same error
  for await (const entry of unpack) {
    const { name, type, mode, size } = entry.header;
    yield { kind: KINDS[type] ?? 'other', name, mode, size, read: () => buffer(entry) };
    entry.resume();
  }
  await read;
}

/** Passes so many bytes on, and then fails. */
function upTo(limit: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _, done) {
      bytes += chunk.length;
      if (bytes <= limit) done(null, chunk);
      else done(new ArchiveError(`unpacks to more than ${limit / 1024 / 1024} MiB`));
    },
  });
}
