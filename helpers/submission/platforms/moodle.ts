/**
 * Moodle's "Download all submissions" of one assignment. It has a folder for each student and kind of submission,
 * `Alice Adams_17_assignsubmission_file`, or files whose names begin so. Older versions end the folder's name with `_`. The
 * number is the participant's in this assignment; of a group it is the group's, and the default group has none.
 */
import { areMost, toldApart, type Download, type Person } from './download.ts';
import type { Listing } from './listing.ts';

const FOLDER = /^(?<who>[^_]+)(?:_(?<id>\d+))?_assignsubmission_(?<kind>[a-z]+)_?$/;
const FILE = /^(?<who>[^_]+)(?:_(?<id>\d+))?_assignsubmission_(?<kind>[a-z]+)_(?<own>.+)$/s;
/** What everybody is called while the names are hidden. */
const HIDDEN = /^participant$/i;

interface Part {
  who: string;
  id: string | undefined;
  kind: string;
  name: string;
  own: string;
}

export function moodleDownload(listing: Listing): Download | undefined {
  const folders = listing.folders();
  const parts = folders.flatMap((name) => partOf(FOLDER, name));
  if (areMost(parts, folders)) {
    const others = folders.filter((name) => !FOLDER.test(name));
    const people = peopleOf(parts, ([part]) =>
      part === undefined ? listing.pick(new Map()) : listing.within(part.name),
    );
    const byHand = others.map((name): Person => ({ name, files: listing.within(name) }));
    return { what: 'a Moodle download', people: [...people, ...byHand] };
  }
  const flat = listing.files().flatMap((name) => partOf(FILE, name));
  if (folders.length > 0 || !areMost(flat, listing.files())) return undefined;
  const people = peopleOf(flat, (own) => listing.pick(new Map(own.map((part) => [part.name, part.own]))));
  return { what: 'a Moodle download', people };
}

function partOf(pattern: RegExp, name: string): Part[] {
  const { who, id, kind, own = '' } = pattern.exec(name)?.groups ?? {};
  return who === undefined || kind === undefined ? [] : [{ who, id, kind, name, own }];
}

/** @param filesOf The files of one person, of the parts that are files; other kinds are texts typed into Moodle. */
function peopleOf(parts: Part[], filesOf: (parts: Part[]) => Listing): Person[] {
  const byPerson = Map.groupBy(parts, ({ who, id = '' }) => `${who}_${id}`);
  const people = [...byPerson.values()].map((all): Person => {
    const { who: name, id } = all[0]!;
    const files = filesOf(all.filter(({ kind }) => kind === 'file'));
    return { name, files, submitter: { platform: 'moodle', name, ...(id !== undefined && { id }) } };
  });
  return toldApart(people, (name) => HIDDEN.test(name));
}
