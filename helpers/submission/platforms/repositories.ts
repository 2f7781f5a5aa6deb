/**
 * A repository for each student, as GitHub Classroom (`ASSIGNMENT-USER`, in `ASSIGNMENT-submissions`) and Classroom 50
 * (`CLASSROOM-ASSIGNMENT-USER`, with a file that names the first two) make them. The lab is at the repository's root.
 */
import { parseStudentYaml } from '../../base/student-yaml.ts';
import { isEverybodys } from '../repository.ts';
import { areMost, isEmpty, type Download } from './download.ts';
import type { Listing } from './listing.ts';

const OF_CLASSROOM_50 = '.classroom50.yaml';
const LONGEST = 64 * 1024;
/** From so many repositories on, what their names have in common is the assignment's name. */
const ENOUGH = 3;

/** @param folder What the folder is called. */
export async function repositories(
  listing: Listing,
  folder: string,
  knownLabs: string[],
): Promise<Download | undefined> {
  const all = listing.folders();
  if (all.some((name) => knownLabs.includes(name))) return undefined; // it is one student's folder
  const marked = all.filter((name) => listing.within(name).has(OF_CLASSROOM_50));
  const prefix =
    (await prefixSaid(listing, marked)) ??
    knownLabs
      .map((lab) => `${lab}-`)
      .findLast((start) =>
        isRepeated(
          listing,
          all.filter((name) => isOf(start, name)),
        ),
      ) ??
    prefixOfFolder(folder, all) ??
    inCommon(all.filter((name) => listing.within(name).has('.git')));
  if (prefix === undefined) return undefined;
  const own = all.filter((name) => isOf(prefix, name));
  if (!areMost(own, all)) return undefined;
  const lab = knownLabs.find((each) => prefix === `${each}-` || prefix.endsWith(`-${each}-`));
  return {
    what: marked.length === 0 ? 'repositories of GitHub Classroom' : 'repositories of Classroom 50',
    people: all.map((name) => ({
      name: own.includes(name) ? name.slice(prefix.length) : name,
      files: hasMore(listing.within(name)) ? listing.within(name) : listing.pick(new Map()),
    })),
    ...(lab !== undefined && { lab }),
  };
}

/** Whether there is more than what every repository has from its beginning, such as a README. */
function hasMore(repository: Listing): boolean {
  return (
    repository.files().some((file) => !isEverybodys(file)) ||
    repository.folders().some((each) => !isEmpty(repository.within(each)))
  );
}

/** One folder whose name begins as a lab's may be a student's own. */
function isRepeated(listing: Listing, names: string[]): boolean {
  return names.length > 1 || names.some((name) => listing.within(name).has('.git'));
}

/** What most of the marked ones say: one student may have changed the file. */
async function prefixSaid(listing: Listing, marked: string[]): Promise<string | undefined> {
  const said = await Promise.all(marked.map((name) => prefixIn(listing, name)));
  const counted = [...Map.groupBy(said, (prefix) => prefix)].sort(([, a], [, b]) => b.length - a.length);
  return counted[0]?.[0];
}

async function prefixIn(listing: Listing, repository: string): Promise<string | undefined> {
  const text = await listing.within(repository).text(OF_CLASSROOM_50, LONGEST);
  const said = ((): unknown => {
    try {
      return parseStudentYaml(text ?? '');
    } catch {
      return undefined; // a student may have changed it
    }
  })();
  const { classroom, assignment } = (said ?? {}) as Record<string, unknown>;
  if (typeof classroom !== 'string' || typeof assignment !== 'string') return undefined;
  const prefix = `${classroom}-${assignment}-`.toLowerCase();
  return isOf(prefix, repository) ? prefix : undefined;
}

function prefixOfFolder(folder: string, names: string[]): string | undefined {
  const prefix = /^(.+?)(?:-submissions|_submissions_[\dT_]+)$/.exec(folder)?.[1];
  return prefix !== undefined && names.some((name) => isOf(`${prefix}-`, name)) ? `${prefix}-` : undefined;
}

function inCommon(names: string[]): string | undefined {
  const [first = ''] = names;
  if (names.length < ENOUGH) return undefined;
  const starts = [...first.matchAll(/-/g)].map(({ index }) => first.slice(0, index + 1));
  return starts.findLast((start) => names.every((name) => isOf(start, name)));
}

function isOf(prefix: string, name: string): boolean {
  return name.startsWith(prefix) && name.length > prefix.length;
}
