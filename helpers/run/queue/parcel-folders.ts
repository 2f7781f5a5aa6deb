/** The folders in which a worker unpacks parcels. A later worker removes those of a worker that was killed. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { OWNER_LABEL, ownerIsAlive, ownLabels } from '../../machine/lab-host/labels.ts';

const PREFIX = 'netgrade-parcels-';
/** mkdtemp's own six characters, after the owner. */
const MADE = /-.{6}$/;

export class ParcelFolders implements AsyncDisposable {
  readonly #root: string;

  private constructor(root: string) {
    this.#root = root;
  }

  static async make(): Promise<ParcelFolders> {
    await removeDead();
    const owner = encodeURIComponent(ownLabels()[OWNER_LABEL] ?? '');
    return new ParcelFolders(await mkdtemp(path.join(os.tmpdir(), `${PREFIX}${owner}-`)));
  }

  /** An empty folder, as long as `work` takes. */
  async within<T>(work: (folder: string) => Promise<T>): Promise<T> {
    const folder = await mkdtemp(path.join(this.#root, 'parcel-'));
    try {
      return await work(folder);
    } finally {
      // A folder that cannot be removed because of its permissions stays; the lab is not lost for that.
      await rm(folder, { recursive: true, force: true }).catch(() => undefined);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#root, { recursive: true, force: true }).catch(() => undefined); // a later run removes it, or it stays
  }
}

/** Removes folders of workers that no longer run. Those of other users cannot be removed, and are left. */
async function removeDead(): Promise<void> {
  const names = (await readdir(os.tmpdir())).filter((name) => name.startsWith(PREFIX));
  const dead = names.filter((name) => !ownerIsAlive(ownerOf(name)));
  const remove = (name: string): Promise<void> => rm(path.join(os.tmpdir(), name), { recursive: true, force: true });
  await Promise.allSettled(dead.map(remove));
}

function ownerOf(name: string): string {
  try {
    return decodeURIComponent(name.slice(PREFIX.length).replace(MADE, ''));
  } catch {
    return ''; // none of ours is called so
  }
}
