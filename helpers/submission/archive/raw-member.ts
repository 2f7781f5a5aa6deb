/** What the formats of archives (zip.ts, tar.ts) hand on, before it is checked. */

/** What an archive's format says of one thing in it. */
export interface RawMember {
  kind: 'file' | 'folder' | 'link' | 'other';
  /** With slashes; it may be anything. */
  name: string;
  /** Its permissions; undefined where the archive does not have them, as those of Windows. */
  mode: number | undefined;
  /** Bytes, as the archive says. */
  size: number;
  /** The content of a file. To be read before the next member is asked for, or not at all. */
  read: () => Promise<Buffer>;
}

/** Why an archive is not unpacked, for its author: the rest of a sentence that begins with its name. */
export class ArchiveError extends Error {
  override name = 'ArchiveError';
}

/** An archive that no program can read to its end: perhaps it did not arrive whole. */
export class DamagedArchive extends ArchiveError {
  override name = 'DamagedArchive';
}
