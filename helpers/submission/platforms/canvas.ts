/**
 * Canvas's "Download submissions" of one assignment: one folder of files, `adamsalice_LATE_12345_67890_work.zip`, with the
 * user's id and the file's; `anon_x1y2z_67890_work.zip` where names are hidden. A text or link that somebody typed is
 * `adamsalice_12345_text.html`. A file that was uploaded again is called `work-1.zip`.
 */
import { areMost, type Download, type Person, type Submitter } from './download.ts';
import type { Listing } from './listing.ts';

const UPLOADED = /^(?<who>.+?)(?:_LATE)?_(?<id>\d+)_(?<file>\d+)_(?<own>.+)$/s;
const ANONYMOUS = /^(?:LATE_)?(?<who>anon_[A-Za-z0-9]+)_(?<file>\d+)_(?<own>.+)$/s;
const TYPED = /^(?:LATE_)?(?<who>anon_[A-Za-z0-9]+|.+?)(?:_LATE)?(?:_(?<id>\d+))?_(?:text|link)\.html$/s;
const UPLOADED_AGAIN = /^(?<stem>.+)-\d{1,3}(?<ending>\.[^.]+)$/s;

/** What opens as text; what has no ending (a Dockerfile) does, too. */
const TEXT = /^[^.]+$|\.(?:ya?ml|sh|txt|md|py|conf|cfg|ini|json|env)$/i;
const ZIP = /\.zip$/i;
/** Canvas takes a name whose last part begins so for a link that was typed. */
const TAKEN_FOR_LINK = /(?:^|_)link[^_]*$/s;

interface Part {
  who: string;
  id: string | undefined;
  /** Absent when it was typed, and no file. */
  upload?: { name: string; file: string; own: string };
}

/** @param isMeant Whether files of this name are looked for: then `compose-1.yaml` stands for it. */
export function canvasDownload(listing: Listing, isMeant: (name: string) => boolean): Download | undefined {
  const parts = listing.files().flatMap(partOf);
  if (listing.folders().length > 0 || !areMost(parts, listing.files())) return undefined;
  if (!parts.some(({ upload }) => upload !== undefined)) return undefined;
  const byPerson = Map.groupBy(parts, ({ who, id = '' }) => `${who}_${id}`);
  const people = [...byPerson.values()].map((all): Person => {
    const { who, id } = all[0]!;
    const uploads = all.flatMap(({ upload }) => upload ?? []);
    const files = listing.pick(namesOf(uploads, isMeant));
    const upload = uploads.find(({ own }) => isText(own)) ?? uploads.find(({ own }) => isZip(own));
    const submitter: Submitter = {
      platform: 'canvas',
      name: who,
      ...(id !== undefined && { id }),
      ...(upload !== undefined && { upload: upload.name }),
    };
    // Canvas's names have neither spaces nor capitals, so many are alike; an id is one user's in all assignments.
    return { name: id === undefined ? who : `${who} ${id}`, files, submitter };
  });
  return { what: 'a Canvas download', people };
}

function partOf(name: string): Part[] {
  const { who, id, file, own } = (ANONYMOUS.exec(name) ?? UPLOADED.exec(name))?.groups ?? {};
  if (who !== undefined && file !== undefined && own !== undefined) return [{ who, id, upload: { name, file, own } }];
  const typed = TYPED.exec(name)?.groups;
  return typed?.['who'] === undefined ? [] : [{ who: typed['who'], id: typed['id'] }];
}

/** What each file is called in the submission: as its author called it, where no other is called so. */
function namesOf(uploads: NonNullable<Part['upload']>[], isMeant: (name: string) => boolean): Map<string, string> {
  const taken = new Set<string>();
  const names = uploads.map(({ name, file, own }): [string, string] => {
    const called = taken.has(own) ? `${file}_${own}` : own;
    taken.add(called);
    return [name, called];
  });
  return new Map(
    names.map(([name, own]) => {
      const { stem, ending } = UPLOADED_AGAIN.exec(own)?.groups ?? {};
      const meant = `${stem}${ending}`;
      if (stem === undefined || !isMeant(meant) || taken.has(meant)) return [name, own];
      taken.add(meant);
      return [name, meant];
    }),
  );
}

function isZip(own: string): boolean {
  return ZIP.test(own) && !TAKEN_FOR_LINK.test(own);
}

function isText(own: string): boolean {
  return TEXT.test(own) && !TAKEN_FOR_LINK.test(own);
}
