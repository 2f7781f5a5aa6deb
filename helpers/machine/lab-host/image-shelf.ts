/**
 * Brings images to fresh lab hosts when a submission names one that they do not have. A porter pulls the image: a machine
 * with a way out to the network, on which no submission ever runs. The image is then kept in a file on the grading machine
 * (the shelf), and lab hosts load it from there. So a registry is asked for an image only once, however many submissions name
 * it, and what one submission does to an image on its own lab host reaches no other lab host.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { finished, pipeline } from 'node:stream/promises';
import type Docker from 'dockerode';
import { InfrastructureError } from '../../base/failure.ts';
import { imageExists } from '../setup/image-exists.ts';
import { isAtAnAddress } from '../../base/docker/image-name.ts';
import type { LabHost } from './lab-host.ts';
import { folderForLargeFiles, ownPath } from './own-files.ts';
import { pullImage, type Pulled } from './pull-image.ts';

/** A worker may run for weeks, so answers of registries are used for a time only: a tag can come to mean another image. */
const KEPT_MS = 24 * 3_600_000;
const FAILURE_KEPT_MS = 300_000;
const MOST_BYTES = 2_000_000_000;
const MOST_BYTES_IN_ALL = 8_000_000_000;
const LOAD_MS = 300_000;

/** `kept`: the image is in this file. `too big`: for the shelf. `lost`: the porter was lost, so there is no answer. */
type Outcome =
  | Exclude<Pulled, { got: 'pulled' }>
  | { got: 'kept'; file: string }
  | { got: 'too big' }
  | { got: 'lost'; error: unknown };

export interface Provided {
  /** An image that could not be downloaded, for a reason that is not the student's fault. */
  missing?: { image: string; why: string };
  /** The images that their registries do not have. */
  noSuch: string[];
}

export class ImageShelf implements AsyncDisposable {
  readonly #bootPorter: (() => Promise<LabHost>) | undefined;
  readonly #known = new Map<string, { outcome: Promise<Outcome>; until: number }>();
  #porter: Promise<LabHost> | undefined;
  #folder: Promise<string> | undefined;
  #bytes = 0;
  #files = 0;

  /** @param bootPorter Absent where machines pull images themselves and keep them. */
  constructor(bootPorter?: () => Promise<LabHost>) {
    this.#bootPorter = bootPorter;
  }

  /**
   * Brings images to a lab host.
   *
   * @returns the images that could not be had. After the first that could not be downloaded, no other one is tried.
   * @throws {InfrastructureError} when the lab host or the porter is lost on the way.
   */
  async provide(host: LabHost, images: string[]): Promise<Provided> {
    const noSuch: string[] = [];
    for (const image of images) {
      if (await imageExists(host.docker, image)) continue;
      const outcome = await this.#bring(host, image);
      if (outcome.got === 'failed') return { noSuch, missing: { image, why: outcome.why } };
      if (outcome.got === 'no-such') noSuch.push(image);
    }
    return { noSuch };
  }

  async #bring(host: LabHost, image: string): Promise<Pulled> {
    if (this.#bootPorter === undefined) return pullImage(host.docker, image);
    // Asked for by a machine with a way out, it would tell a student what answers where in the instructor's network.
    if (isAtAnAddress(image)) return byItself(host, image, 'names its registry by an address');
    // An image that is loaded has no digest.
    if (image.includes('@')) return byItself(host, image, 'is named by its digest');
    const outcome = await this.#outcomeOf(image, this.#bootPorter);
    switch (outcome.got) {
      case 'kept':
        await load(host, image, outcome.file);
        return { got: 'pulled' };
      case 'too big':
        return byItself(host, image, `has more than ${MOST_BYTES / 1e9} GB, or all images of this run have too many`);
      case 'no-such':
      case 'failed':
        return outcome;
      case 'lost':
        throw outcome.error;
    }
  }

  /** Fetches an image, or gives what is known of it already. */
  async #outcomeOf(image: string, bootPorter: () => Promise<LabHost>): Promise<Outcome> {
    const known = this.#known.get(image);
    if (known !== undefined && known.until > performance.now()) return known.outcome;
    const outcome = this.#fetch(image, bootPorter);
    const entry = { outcome, until: performance.now() + KEPT_MS };
    this.#known.set(image, entry);
    const { got } = await outcome;
    if (got === 'failed') entry.until = performance.now() + FAILURE_KEPT_MS;
    if (got === 'lost') this.#known.delete(image);
    return outcome;
  }

  async #fetch(image: string, bootPorter: () => Promise<LabHost>): Promise<Outcome> {
    const porter = (this.#porter ??= bootPorter());
    try {
      const { docker } = await porter;
      const pulled = await pullImage(docker, image);
      if (pulled.got !== 'pulled') return pulled;
      const file = await this.#keep(docker, image);
      await docker.getImage(image).remove({ force: true });
      return file === undefined ? { got: 'too big' } : { got: 'kept', file };
    } catch (error) {
      await this.#drop(porter);
      return { got: 'lost', error };
    }
  }

  /** Removes the porter, so that the next image gets a new one. A porter that still answers is left as it is. */
  async #drop(porter: Promise<LabHost>): Promise<void> {
    const answers = await porter
      .then(({ docker }) => docker.ping())
      .then(
        () => true,
        () => false,
      );
    if (answers || this.#porter !== porter) return;
    this.#porter = undefined;
    await porter.then((host) => host[Symbol.asyncDispose]()).catch(() => undefined); // the next run removes it
  }

  /** Saves an image to the shelf. @returns the file; undefined when the image is too big. */
  async #keep(docker: Docker, image: string): Promise<string | undefined> {
    const { Size } = await docker.getImage(image).inspect();
    if (Size > MOST_BYTES || this.#bytes + Size > MOST_BYTES_IN_ALL) return undefined;
    this.#bytes += Size;
    const file = path.join(await (this.#folder ??= makeFolder()), String(++this.#files));
    await pipeline(await docker.getImage(image).get(), createWriteStream(file, { flags: 'wx', mode: 0o600 }));
    return file;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#porter?.then((porter) => porter[Symbol.asyncDispose]()).catch(() => undefined); // the next run removes it
    if (this.#folder !== undefined) await rm(await this.#folder, { recursive: true, force: true });
  }
}

/** Makes the shelf's folder, which only this user may read. */
async function makeFolder(): Promise<string> {
  const folder = ownPath('-images', folderForLargeFiles());
  await mkdir(folder, { mode: 0o700 });
  return folder;
}

async function byItself(host: LabHost, image: string, because: string): Promise<Pulled> {
  if (host.sealed === undefined) return pullImage(host.docker, image);
  return { got: 'failed', why: `${image} ${because}, and ${host.sealed}` };
}

async function load(host: LabHost, image: string, file: string): Promise<void> {
  const progress = await host.docker.loadImage(createReadStream(file), { abortSignal: AbortSignal.timeout(LOAD_MS) });
  await finished(progress.resume()); // the stream ends when the engine has loaded the image
  if (!(await imageExists(host.docker, image))) throw new InfrastructureError(`${image} did not reach the lab host`);
}
