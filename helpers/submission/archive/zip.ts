/** Reads zip archives, in the memory of this process. */
import type { FileHandle } from 'node:fs/promises';
import { buffer } from 'node:stream/consumers';
import yauzl, { type Entry } from 'yauzl';
import { isUtf8 } from '../as-meant.ts';
import { ArchiveError, type RawMember } from './raw-member.ts';

/** The high byte of an entry's "version made by": the system whose file attributes it has (APPNOTE 4.4.2). */
const UNIX = 3;
/** Bits of a file's mode on Unix that say what it is. */
const TYPE = 0o170000;
const TYPES: Record<number, RawMember['kind']> = { 0: 'file', 0o100000: 'file', 0o040000: 'folder', 0o120000: 'link' };
const OPTIONS = { lazyEntries: true, autoClose: false, decodeStrings: false, validateEntrySizes: true } as const;
/** Bytes 0x80 to 0x9a in the character set that Windows packs Hebrew names in (code page 862). */
const HEBREW = 'אבגדהוזחטיךכלםמןנסעףפץצקרשת';
/** In other languages' names (code page 437), so many accented letters do not stand in a row. */
const HEBREW_RUN = /[\x80-\x9a]{3}/;

/** @param input The archive. A handle stays open. */
export async function* zipMembers(input: FileHandle | Buffer): AsyncGenerator<RawMember> {
  const zip = Buffer.isBuffer(input)
    ? await yauzl.fromBufferPromise(input, OPTIONS)
    : await yauzl.fromFdPromise(input.fd, OPTIONS);
  for await (const entry of zip.eachEntry()) {
    const name = nameOf(entry);
    if (entry.isEncrypted()) throw new ArchiveError('is protected by a password');
    yield {
      kind: kindOf(entry, name),
      name,
      mode: unixMode(entry),
      size: entry.uncompressedSize,
      read: async () => buffer(await zip.openReadStreamPromise(entry)),
    };
  }
}

function unixMode({ versionMadeBy, externalFileAttributes }: Entry): number | undefined {
  const mode = externalFileAttributes >>> 16;
  return versionMadeBy >>> 8 === UNIX && mode !== 0 ? mode : undefined;
}

function kindOf(entry: Entry, name: string): RawMember['kind'] {
  const kind = TYPES[(unixMode(entry) ?? 0) & TYPE] ?? 'other';
  return kind === 'file' && name.endsWith('/') ? 'folder' : kind;
}

/**
 * The name as its author sees it. Many programs write UTF-8 without saying so; Windows writes the character set of its
 * language, which the archive does not say.
 */
function nameOf({ fileNameRaw: raw, generalPurposeBitFlag: flags, extraFields }: Entry): string {
  const said = yauzl.getFileNameLowLevel(flags, raw, extraFields, false);
  const isInUnicodeToo = said !== yauzl.getFileNameLowLevel(flags, raw, [], false);
  if (isInUnicodeToo) return said;
  if (isUtf8(raw)) return raw.toString('utf8').replaceAll('\\', '/');
  const bytes = raw.toString('latin1');
  if (!HEBREW_RUN.test(bytes)) return said;
  return bytes.replaceAll('\\', '/').replace(/[\x80-\x9a]/g, (byte) => HEBREW[byte.charCodeAt(0) - 0x80] ?? byte);
}
