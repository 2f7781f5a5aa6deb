/** What a learning platform hands out of a class's submissions, and whose each of them is. */
import { oneLine } from '../../base/inert.ts';
import type { Listing } from './listing.ts';

const MOST_NAMED = 5;

export interface Download {
  /** E.g. "a Moodle download". */
  what: string;
  people: Person[];
  /** The lab that all of them have handed in, if the download says so. */
  lab?: string;
}

/** Who handed something in. */
export interface Person {
  /** What the student is called in reports: no two people of a class have the same name. */
  name: string;
  files: Listing;
  submitter?: Submitter;
}

/** How a platform knows whoever handed in one submission. */
export interface Submitter {
  platform: 'moodle' | 'canvas' | 'gradescope';
  /** The name there, as far as the download says it. */
  name: string;
  /** Moodle: the participant's number in this assignment. Canvas: the user's id. Gradescope: the email address. */
  id?: string;
  /** Canvas: the name that one file of this submission has in the download. Feedback of this name finds its way back. */
  upload?: string;
}

/** Gives those a number or address of the platform's who would otherwise be called as somebody else is. */
export function toldApart(people: Person[], isNoName: (name: string) => boolean = () => false): Person[] {
  const count = new Map<string, number>();
  const plain = ({ name }: Person): string => name.normalize('NFC').toLowerCase();
  for (const person of people) count.set(plain(person), (count.get(plain(person)) ?? 0) + 1);
  return people.map((person) => {
    const { id } = person.submitter ?? {};
    const isAlone = count.get(plain(person)) === 1 && !isNoName(person.name);
    return isAlone || id === undefined ? person : { ...person, name: `${person.name} ${id}` };
  });
}

/** Whether at least half of these names are of a platform's making: an instructor may have put something beside them. */
export function areMost(some: unknown[], all: unknown[]): boolean {
  return some.length > 0 && some.length * 2 >= all.length;
}

/** "57 students, 3 without files: Dan, Eve, Zoe". */
export function countedPeople(people: Person[]): string {
  const without = people.filter(({ files }) => isEmpty(files)).map(({ name }) => name);
  const students = `${people.length} student${people.length === 1 ? '' : 's'}`;
  return without.length === 0 ? students : `${students}, ${without.length} without files: ${some(without)}`;
}

/** The first of these names, and how many more there are. */
export function some(names: string[]): string {
  const shown = names.slice(0, MOST_NAMED).map(oneLine).join(', ');
  return names.length > MOST_NAMED ? `${shown} and ${names.length - MOST_NAMED} more` : shown;
}

export function isEmpty(files: Listing): boolean {
  return files.files().length === 0 && files.folders().every((name) => isEmpty(files.within(name)));
}
