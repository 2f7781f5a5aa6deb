/** What an image says of itself, and from which known image it was built: its layers begin with that image's layers. */
import type Docker from 'dockerode';
import { repositoryOf } from '../image-name.ts';

export interface Lineage {
  /** Repository names of the images on this engine that it is or was built from. */
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
  const images = new Map<string, ImageFacts>();
  await Promise.all(
    [...new Set([...imageIds, ...known.map(({ id }) => id)])].map(async (id) => {
      images.set(id, await inspectImage(docker, id));
    }),
  );
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

async function inspectImage(docker: Docker, id: string): Promise<ImageFacts> {
  try {
    const { RootFS, Config } = await docker.getImage(id).inspect();
    const exposed = Config.ExposedPorts as Record<string, unknown> | null | undefined;
    return { layers: RootFS.Layers ?? [], exposes: Object.keys(exposed ?? {}) };
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return UNKNOWN; // removed while its container runs on
    throw error;
  }
}

function beginsWith(layers: string[], start: string[]): boolean {
  return start.length > 0 && start.length <= layers.length && start.every((layer, i) => layers[i] === layer);
}
