/** Why an archive is not unpacked, for its author: the rest of a sentence that begins with its name. */
export class ArchiveError extends Error {
  override name = 'ArchiveError';
}
