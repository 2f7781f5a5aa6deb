/** What an image exposes, and which known images it was built from: its layers begin with their layers. */
import type Docker from 'dockerode';
import { orGone } from '../base/docker/gone.ts';
import { repositoryOf } from '../base/docker/image-name.ts';

export interface Lineage {
  /** Repositories of the images on this engine that it is the same as, or was built from. */
  ancestors: string[];
  /** Ports that it exposes, e.g. `8080/tcp`. */
  exposes: string[];
  layers: string[];
}

/** @param imageIds Images in use. */
export async function lineageOf(docker: Docker, imageIds: Set<string>): Promise<Map<string, Lineage>> {
  const known = (await docker.listImages()).flatMap(({ Id, RepoTags }) =>
    [...new Set((RepoTags ?? []).map(repositoryOf))].map((repository) => ({ id: Id, repository })),
  );
  const ids = [...new Set([...imageIds, ...known.map(({ id }) => id)])];
  const images = new Map(await Promise.all(ids.map(async (id) => [id, await imageFacts(docker, id)] as const)));
  return new Map(
    [...imageIds].map((id) => {
      const { layers, exposes } = images.get(id) ?? UNKNOWN;
      const ancestors = known.filter((image) => beginsWith(layers, images.get(image.id)?.layers ?? []));
      return [id, { ancestors: [...new Set(ancestors.map(({ repository }) => repository))], exposes, layers }];
    }),
  );
}

interface ImageFacts {
  layers: string[];
  exposes: string[];
}

const UNKNOWN: ImageFacts = { layers: [], exposes: [] };

/**
 * Facts by engine and image id (a digest of the image). What one engine says is not used for another: an engine may be
 * a student's.
 */
const seenOn = new WeakMap<Docker, Map<string, ImageFacts>>();

async function imageFacts(docker: Docker, id: string): Promise<ImageFacts> {
  const seen = seenOn.get(docker) ?? new Map<string, ImageFacts>();
  seenOn.set(docker, seen);
  const known = seen.get(id);
  if (known !== undefined) return known;
  const image = await orGone(() => docker.getImage(id).inspect());
  if (image === undefined) return UNKNOWN; // it may be removed while its container runs
  const exposed = image.Config.ExposedPorts as Record<string, unknown> | null | undefined;
  const facts = { layers: image.RootFS.Layers ?? [], exposes: Object.keys(exposed ?? {}) };
  seen.set(id, facts);
  return facts;
}

function beginsWith(layers: string[], start: string[]): boolean {
  return start.length > 0 && start.length <= layers.length && start.every((layer, i) => layers[i] === layer);
}
