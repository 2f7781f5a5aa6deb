/** What was created through a gate, and its removal. Nothing else is removed, also not what others created since. */
import Docker from 'dockerode';
import { reasonOf } from '../../base/failure.ts';

export interface Made {
  /** Ids. */
  containers: Set<string>;
  /** Ids. */
  networks: Set<string>;
  /** Names. */
  volumes: Set<string>;
  /** Names of images that were pulled: they are not removed, just as after a pull by hand. */
  pulled: Set<string>;
}

export function nothingMade(): Made {
  return { containers: new Set(), networks: new Set(), volumes: new Set(), pulled: new Set() };
}

/** The tags that images on an engine have. */
export async function imageTags(docker: Docker): Promise<Set<string>> {
  return new Set((await docker.listImages()).flatMap(({ RepoTags }) => RepoTags ?? []));
}

/**
 * Removes what was created, and the tags of images that were built.
 *
 * @param tagsBefore The tags that the engine's images had before.
 * @returns what could not be removed, in words.
 */
export async function removeMade(docker: Docker, made: Made, tagsBefore: Set<string>): Promise<string[]> {
  const images = await imagesOf(docker, made.containers);
  const each = async (
    kind: string,
    ids: Iterable<string>,
    remove: (id: string) => Promise<unknown>,
  ): Promise<string[]> =>
    (
      await Promise.all(
        [...ids].map(async (id) => {
          try {
            await remove(id);
            return undefined;
          } catch (error) {
            if ((error as { statusCode?: number }).statusCode === 404) return undefined; // gone already
            return `the ${kind} ${id.slice(0, 40)}: ${reasonOf(error)}`;
          }
        }),
      )
    ).filter((trouble) => trouble !== undefined);
  return [
    ...(await each('container', made.containers, (id) => docker.getContainer(id).remove({ force: true, v: true }))),
    ...(await each('network', made.networks, (id) => docker.getNetwork(id).remove())),
    ...(await each('volume', made.volumes, (name) => docker.getVolume(name).remove())),
    ...(await each('image', await builtTags(docker, images, made, tagsBefore), (tag) => docker.getImage(tag).remove())),
  ];
}

async function imagesOf(docker: Docker, containers: Iterable<string>): Promise<Set<string>> {
  const images = await Promise.all(
    [...containers].map((id) =>
      docker
        .getContainer(id)
        .inspect()
        .then(
          ({ Image }) => Image,
          () => undefined, // gone already
        ),
    ),
  );
  return new Set(images.filter((each) => each !== undefined));
}

async function builtTags(docker: Docker, used: Set<string>, { pulled }: Made, before: Set<string>): Promise<string[]> {
  const images = (await docker.listImages()).filter(({ Id }) => used.has(Id));
  return images.flatMap(({ RepoTags }) => RepoTags ?? []).filter((tag) => !before.has(tag) && !pulled.has(tag));
}
