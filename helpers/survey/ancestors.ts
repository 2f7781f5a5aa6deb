/** From which known image an image was built: its layers begin with the known image's layers. */
import type Docker from 'dockerode';

/**
 * @param imageIds Images in use.
 * @returns For each, the repository names of the images on this engine that it is or was built from.
 */
export async function ancestorsOf(docker: Docker, imageIds: Set<string>): Promise<Map<string, string[]>> {
  const known = (await docker.listImages()).flatMap(({ Id, RepoTags }) =>
    [...new Set((RepoTags ?? []).map(repositoryOf))].map((repository) => ({ id: Id, repository })),
  );
  const layers = new Map<string, string[]>();
  await Promise.all(
    [...new Set([...imageIds, ...known.map(({ id }) => id)])].map(async (id) => {
      layers.set(id, await layersOf(docker, id));
    }),
  );
  return new Map(
    [...imageIds].map((id) => {
      const own = layers.get(id) ?? [];
      const ancestors = known.filter((image) => beginsWith(own, layers.get(image.id) ?? []));
      return [id, [...new Set(ancestors.map(({ repository }) => repository))]];
    }),
  );
}

async function layersOf(docker: Docker, id: string): Promise<string[]> {
  try {
    const { RootFS } = await docker.getImage(id).inspect();
    return RootFS.Layers ?? [];
  } catch (error) {
    if ((error as { statusCode?: number }).statusCode === 404) return []; // removed while its container runs on
    throw error;
  }
}

function beginsWith(layers: string[], start: string[]): boolean {
  return start.length > 0 && start.length <= layers.length && start.every((layer, i) => layers[i] === layer);
}

/** `docker.io/library/mongo:7` → `mongo`, `bitnami/mongodb:6` → `bitnami/mongodb`. */
export function repositoryOf(reference: string): string {
  const name = reference.replace(/@.*/, '').replace(/:[^/:]*$/, '');
  return name.replace(/^docker\.io\//, '').replace(/^library\//, '');
}
