/**
 * The images that a submission makes on an engine that others use, too, and the names that it gives to images. All is written
 * down on that engine, before it is done, so that a later run finds it when this one is killed:
 *
 * - An image that is built gets a label. It is not the label of containers: a container has the labels of its image, and may
 *   be somebody else's.
 * - Each name is a label of an empty volume, together with the image that had the name before and gets it back. So is a step of
 *   the classic builder, which gets no label: as soon as the engine tells of it.
 */
import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import type Docker from 'dockerode';
import { reasonOf } from '../../base/failure.ts';
import { orGone } from '../../base/docker/gone.ts';
import { fullNameOf } from '../../base/docker/image-name.ts';
import { isTool, OWNER_LABEL, ownLabels } from '../lab-host/labels.ts';

/** Its value is the owner, as in OWNER_LABEL. */
const BUILT = 'netgrade.built';
const NAME = 'netgrade.name';
/** The image that had the name before; '' when there was none. */
const WAS = 'netgrade.was';
/** Only that image. Without it, the engine removes those that it was built on, too, if they have no name. */
const EXACTLY = { noprune: true };
/** Bytes of a tar archive without files. */
const EMPTY_ARCHIVE = 1024;
/** The image that gets the name; '' when it is one that is built, which is known by its label. */
const IS = 'netgrade.is';

/** Labels for an image that this run's submission builds. */
export function builtLabels(): Record<string, string> {
  return { [BUILT]: ownLabels()[OWNER_LABEL] ?? '' };
}

/** What one submission makes. */
export class ImageNotes {
  readonly #docker: Docker;
  readonly #was = new Map<string, string>();
  readonly #noted = new Set<string>();

  constructor(docker: Docker) {
    this.#docker = docker;
  }

  /**
   * Writes a name down.
   *
   * @param is The image that gets it; '' when it is one that is built.
   * @param was The image that had it before, if that is not to be looked up now.
   */
  async note(given: string, is = '', was?: string): Promise<void> {
    const name = fullNameOf(given);
    const before = this.#was.get(name) ?? was ?? (await idOf(this.#docker, name)) ?? '';
    this.#was.set(name, before);
    await this.#write({ [NAME]: name, [WAS]: before, [IS]: is });
  }

  /** Writes an image down that has no label: a step of the classic builder, or one that was loaded. */
  async noteNameless(is: string): Promise<void> {
    await this.#write({ [NAME]: '', [WAS]: '', [IS]: is });
  }

  async #write(labels: Record<string, string>): Promise<void> {
    const note = Object.values(labels).join(' ');
    if (this.#noted.has(note)) return;
    this.#noted.add(note);
    // It has a name, because volumes without one may go when somebody tidies up.
    await this.#docker.createVolume({ Name: `netgrade-image-${randomUUID()}`, Labels: { ...ownLabels(), ...labels } });
  }
}

/**
 * Takes back the names that submissions gave, and removes the images that they built. What others have named since stays.
 *
 * @param isMeant Whose, by the owner label.
 * @returns a clause about each thing that could not be removed.
 */
export async function removeMadeImages(docker: Docker, isMeant: (owner: string) => boolean): Promise<string[]> {
  const troubles: string[] = [];
  const attempt = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await orGone(work);
    } catch (error) {
      troubles.push(`the ${what}: ${reasonOf(error)}`);
    }
  };
  const notes = await notesOn(docker, isMeant);
  const built = async (): Promise<Docker.ImageInfo[]> =>
    (await docker.listImages({ filters: { label: [BUILT] } })).filter(({ Labels: { [BUILT]: owner = '' } }) =>
      isMeant(owner),
    );
  const names = byName(notes);
  const noted = [...(names.get('')?.is ?? [])];
  const ids = new Set([...(await built()), ...(await imagesOf(docker, noted))].map(({ Id }) => Id));
  for (const [name, { was, is }] of names) {
    if (name === '') continue;
    const now = await idOf(docker, name);
    if (now === undefined || !(ids.has(now) || is.has(now))) continue;
    await attempt(`image ${name}`, () => rename(docker, name, { was, isMade: ids.has(now) }));
  }
  for (const id of await newestFirst(docker, [...ids])) await attempt(`image ${id}`, () => removeUnused(docker, id));
  for (const { volume } of notes) await attempt(`volume ${volume}`, () => docker.getVolume(volume).remove());
  return troubles;
}

interface NameNote {
  volume: string;
  name: string;
  was: string;
  is: string;
}

async function notesOn(docker: Docker, isMeant: (owner: string) => boolean): Promise<NameNote[]> {
  const { Volumes } = await docker.listVolumes({ filters: { label: [NAME] } });
  return Volumes.flatMap(({ Name: volume, Labels }) => {
    const { [OWNER_LABEL]: owner = '', [NAME]: name = '', [WAS]: was = '', [IS]: is = '' } = Labels;
    return isMeant(owner) && isTool(Labels) ? [{ volume, name, was, is }] : [];
  });
}

function byName(notes: NameNote[]): Map<string, { was: string; is: Set<string> }> {
  const names = new Map<string, { was: string; is: Set<string> }>();
  for (const { name, was, is } of notes) {
    const known = names.get(name) ?? { was, is: new Set() };
    if (is !== '') known.is.add(is);
    names.set(name, known);
  }
  return names;
}

/** Gives a name back to the image that had it, if there still is one. Its image stays if a submission has only named it. */
async function rename(docker: Docker, name: string, { was, isMade }: { was: string; isMade: boolean }): Promise<void> {
  const colon = name.lastIndexOf(':');
  const [repo, tag] = [name.slice(0, colon), name.slice(colon + 1)];
  if (was !== '' && (await idOf(docker, was)) !== undefined) {
    await docker.getImage(was).tag({ repo, tag });
    return;
  }
  // With its last name an image is removed. An empty image that gets the name is removed in its place.
  if (!isMade) await importEmpty(docker, { repo, tag });
  await docker.getImage(name).remove(EXACTLY);
}

async function importEmpty(docker: Docker, name: { repo: string; tag: string }): Promise<void> {
  const [[label, owner] = []] = Object.entries(builtLabels());
  const options = { ...name, changes: `LABEL "${label}"="${owner}"` };
  const said = await docker.importImage(Readable.from([Buffer.alloc(EMPTY_ARCHIVE)]), options);
  said.resume();
  await finished(said);
}

/** Not when somebody else has built on it, or started it. */
async function removeUnused(docker: Docker, id: string): Promise<void> {
  try {
    await docker.getImage(id).remove(EXACTLY);
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode !== 409) throw error;
  }
}

/** Those of some images that are there and have no name. Older ones are last: newer ones may be built on them. */
async function newestFirst(docker: Docker, ids: string[]): Promise<string[]> {
  return (await imagesOf(docker, ids))
    .filter(({ RepoTags }) => isNameless(RepoTags))
    .sort((a, b) => Date.parse(b.Created) - Date.parse(a.Created))
    .map(({ Id }) => Id);
}

/** Those of some images that are there. */
async function imagesOf(docker: Docker, ids: string[]): Promise<Docker.ImageInspectInfo[]> {
  const images = await Promise.all(ids.map((id) => orGone(() => docker.getImage(id).inspect())));
  return images.filter((each) => each !== undefined);
}

function isNameless(names: string[] | null | undefined): boolean {
  return (names ?? []).every((name) => name === '<none>:<none>');
}

async function idOf(docker: Docker, image: string): Promise<string | undefined> {
  return (await orGone(() => docker.getImage(image).inspect()))?.Id;
}
