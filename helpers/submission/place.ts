/** Where what somebody handed in for a lab is on this machine. */

/** A folder of its own, by its path; or a share of a download in which others have theirs, too. */
export type Place = string | Share;

/** Some files of a folder or an archive, under names of their own. They stay where they are. */
export interface Share {
  /** The path of the folder or archive. */
  of: string;
  isArchive: boolean;
  /** The names there, with slashes, and what each is called in the submission. A folder's files lie right in it. */
  files: ReadonlyMap<string, string>;
}
