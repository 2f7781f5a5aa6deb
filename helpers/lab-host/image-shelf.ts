/**
 * Images that submissions name and fresh lab hosts do not have. The first lab host that needs one pulls it, before anything
 * of a submission has run there; what it got is put on a shelf on the grading host, from which later lab hosts take it.
 * So an image is asked for once, however many submissions name it, and no submission's image reaches another's machine.
 */
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { InfrastructureError } from '../failure.ts';
import { imageExists } from '../setup/image-exists.ts';
import type { LabHost } from './lab-host.ts';
import { ownerIsAlive, OWNER_LABEL, ownLabels } from './labels.ts';
import { pullImage, type Pulled } from './pull-image.ts';

/** A worker that runs for weeks asks again: a tag may mean another image then, and a registry may be back. */
const KEPT_MS = 24 * 3_600_000;
const FAILURE_KEPT_MS = 300_000;
/** What does not fit is pulled by every lab host that needs it. */
const MOST_BYTES = 1_000_000_000;
const MOST_BYTES_IN_ALL = 4_000_000_000;
/** On the lab host. */
const ARCHIVE = '/root/netgrade-image.tar';
const COMMAND_MS = 300_000;
const FOLDER = 'netgrade-images-';

/** `kept`: what was pulled lies in this file. `lost`: the lab host that pulled it was, so nobody knows. */
type Outcome = Pulled | { got: 'kept'; file: string } | { got: 'lost'; error: unknown };

export interface NotDownloaded {
  image: string;
  why: string;
}

export class ImageShelf implements AsyncDisposable {
  readonly #known = new Map<string, { outcome: Promise<Outcome>; until: number }>();
  readonly #folder = path.join(os.tmpdir(), `${FOLDER}${ownLabels()[OWNER_LABEL]?.replaceAll(':', '_') ?? ''}`);
  #bytes = 0;
  #files = 0;

  /**
   * Brings images to a lab host on which nothing of a submission has run yet.
   *
   * @returns one that could not be downloaded, through nobody's fault; undefined when all are there that there are.
   * @throws {InfrastructureError} when the lab host is lost meanwhile.
   */
  async provide(host: LabHost, images: string[]): Promise<NotDownloaded | undefined> {
    for (const image of images) {
      if (await imageExists(host.docker, image)) continue;
      const why = await this.#bring(host, image);
      if (why !== undefined) return { image, why };
    }
    return undefined;
  }

  async #bring(host: LabHost, image: string): Promise<string | undefined> {
    // What is loaded has no digest, and a machine in use keeps what it pulls.
    if (host.files === undefined || image.includes('@')) return failureOf(await pullImage(host.docker, image));
    for (;;) {
      const known = this.#known.get(image);
      if (known === undefined || known.until < Date.now()) {
        const outcome = this.#fetch(host, image);
        const entry = { outcome, until: Date.now() + KEPT_MS };
        this.#known.set(image, entry);
        const mine = await outcome;
        if (mine.got === 'lost') {
          this.#known.delete(image);
          throw mine.error;
        }
        if (mine.got === 'failed') entry.until = Date.now() + FAILURE_KEPT_MS;
        return failureOf(mine);
      }
      const outcome = await known.outcome;
      if (outcome.got === 'lost') continue; // whoever comes first tries next
      if (outcome.got === 'kept') await load(host, image, outcome.file);
      return outcome.got === 'pulled' ? failureOf(await pullImage(host.docker, image)) : failureOf(outcome);
    }
  }

  async #fetch(host: LabHost, image: string): Promise<Outcome> {
    let pulled: Pulled;
    try {
      pulled = await pullImage(host.docker, image);
    } catch (error) {
      return { got: 'lost', error };
    }
    if (pulled.got !== 'pulled') return pulled;
    const file = await this.#keep(host, image).catch(() => undefined); // then everybody pulls it
    return file === undefined ? pulled : { got: 'kept', file };
  }

  /** @returns the file; undefined when it is too big. */
  async #keep(host: LabHost, image: string): Promise<string | undefined> {
    const { Size } = await host.docker.getImage(image).inspect();
    if (Size > MOST_BYTES || this.#bytes + Size > MOST_BYTES_IN_ALL) return undefined;
    this.#bytes += Size;
    await command(host, ['docker', 'save', '--output', ARCHIVE, image]);
    await this.#makeFolder();
    const file = path.join(this.#folder, String(++this.#files));
    await pipeline(
      (await host.files?.take(ARCHIVE)) as Readable,
      createWriteStream(file, { flags: 'wx', mode: 0o600 }),
    );
    await command(host, ['rm', ARCHIVE]);
    return file;
  }

  /** Ours alone; the folders of runs that were killed go first. */
  async #makeFolder(): Promise<void> {
    if (this.#files > 0) return;
    const names = (await readdir(os.tmpdir())).filter((name) => name.startsWith(FOLDER));
    const left = names.filter((name) => !ownerIsAlive(name.slice(FOLDER.length).replaceAll('_', ':')));
    for (const name of left) await rm(path.join(os.tmpdir(), name), { recursive: true, force: true });
    await mkdir(this.#folder, { mode: 0o700 });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#folder, { recursive: true, force: true });
  }
}

function failureOf(outcome: Outcome): string | undefined {
  return outcome.got === 'failed' ? outcome.why : undefined;
}

/** The file is a tar stream with the archive in it, as the engine gave it. */
async function load(host: LabHost, image: string, file: string): Promise<void> {
  await host.files?.put(createReadStream(file), path.posix.dirname(ARCHIVE));
  await command(host, ['docker', 'load', '--input', ARCHIVE]);
  await command(host, ['rm', ARCHIVE]);
  if (!(await imageExists(host.docker, image))) throw new InfrastructureError(`${image} did not reach the lab host`);
}

async function command(host: LabHost, argv: string[]): Promise<void> {
  const { exitCode, output } = await host.run({
    argv,
    cwd: '/',
    env: host.environment,
    timeoutMs: COMMAND_MS,
    maxOutput: 2_000,
  });
  if (exitCode !== 0) throw new InfrastructureError(`\`${argv.join(' ')}\` failed on a lab host: ${output.trim()}`);
}
