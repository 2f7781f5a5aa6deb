/** Keeps the books on images: sees to it that what a request through a gate does to images can be undone; see made-images.ts. */
import { once } from 'node:events';
import type http from 'node:http';
import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import { orGone } from '../../base/docker/gone.ts';
import { passGrpc } from './grpc.ts';
import { imageRequest, loadedIn, Said, Steps } from './image-requests.ts';
import { builtLabels, ImageNotes } from './made-images.ts';
import { isSolve, readSolve } from './solve.ts';

/** Called with each text that the engine answers, and when it has answered. */
interface Listener {
  hears: (text: string) => Promise<void>;
  ends: () => Promise<void>;
}

export class ImageBooks {
  readonly #docker: Docker;
  readonly #notes: ImageNotes;

  /** @param docker The engine itself, not through the gate. */
  constructor(docker: Docker) {
    this.#docker = docker;
    this.#notes = new ImageNotes(docker);
  }

  /** Before a request is passed on: writes down the names that it gives, and has it label what it makes. */
  async ask(request: http.IncomingMessage): Promise<Listener | undefined> {
    const image = imageRequest(request.url ?? '/', builtLabels());
    if (image === undefined) return undefined;
    request.url = image.url;
    const named = image.named === undefined ? undefined : await this.#docker.getImage(image.named).inspect();
    for (const name of image.names) await this.#notes.note(name, named?.Id);
    if (image.tells === undefined) return undefined;
    const before = await this.#docker.listImages({ all: true });
    return image.tells === 'steps' ? this.#ofSteps(before) : this.#ofArchive(before);
  }

  /** Passes on what a client says to BuildKit. */
  passBuilds(client: Duplex, engine: Duplex): void {
    passGrpc(client, engine, {
      reads: isSolve,
      read: async (path, body) => {
        const { names, labelled } = readSolve(path, body);
        for (const name of names) await this.#notes.note(name);
        return labelled(builtLabels());
      },
    });
  }

  /** A build without output (`docker build -q`) does not tell its steps: they are then found by the image that it makes. */
  #ofSteps(before: Docker.ImageInfo[]): Listener {
    const steps = new Steps();
    const known = new Set(before.map(({ Id }) => shortOf(Id)));
    return {
      hears: async (text) => {
        const id = steps.hear(text);
        if (id !== undefined && !known.has(id)) await this.#notes.noteNameless(id);
      },
      ends: async () => {
        for (let id = steps.built ?? ''; id !== '' && !known.has(shortOf(id));) {
          const image = await orGone(() => this.#docker.getImage(id).inspect());
          if (image === undefined || image.RepoDigests.length > 0) return; // it was pulled meanwhile
          await this.#notes.noteNameless(shortOf(image.Id));
          id = image.Parent;
        }
      },
    };
  }

  /** What an archive holds is known only when it is loaded. */
  #ofArchive(before: Docker.ImageInfo[]): Listener {
    const loaded: string[] = [];
    return {
      hears: (text) => {
        loaded.push(...[loadedIn(text)].filter((name) => name !== undefined));
        return Promise.resolve();
      },
      ends: async () => {
        const [then, now] = [byName(before), byName(await this.#docker.listImages())];
        for (const name of loaded) {
          const [was = '', is = ''] = [then.get(name), now.get(name)];
          if (was === is) continue;
          await this.#notes.note(name, is, was);
          if (!before.some(({ Id }) => Id === is)) await this.#notes.noteNameless(shortOf(is));
        }
      },
    };
  }
}

/** As the engine itself shortens an id. */
function shortOf(id: string): string {
  return id.replace(/^sha256:/, '').slice(0, 12);
}

function byName(images: Docker.ImageInfo[]): Map<string, string> {
  return new Map(images.flatMap(({ Id, RepoTags }) => (RepoTags ?? []).map((name) => [name, Id] as const)));
}

/** Passes an answer on. Whoever asked gets each part of it when the listener has heard it. */
export async function passHeard(
  reply: http.IncomingMessage,
  response: http.ServerResponse,
  { hears, ends }: Listener,
): Promise<void> {
  const said = new Said();
  const closed = once(response, 'close');
  closed.catch(() => undefined);
  try {
    for await (const chunk of reply as AsyncIterable<Buffer>) {
      for (const text of said.hear(chunk)) await hears(text);
      if (!response.write(chunk)) await Promise.race([once(response, 'drain'), closed]);
    }
  } finally {
    await ends(); // also when it breaks off
  }
  response.end();
}
