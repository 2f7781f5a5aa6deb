/** What was created through a gate, and its removal. Nothing else is removed, also not what others created since. */
import type Docker from 'dockerode';
import { orGone } from '../../base/docker/gone.ts';
import { reasonOf } from '../../base/failure.ts';
import { until } from '../../base/wait.ts';
import { OWNER_LABEL, ownLabels } from '../lab-host/labels.ts';
import { removeMadeImages } from './made-images.ts';

const REMOVED_MS = 10_000;

export interface Made {
  /** Ids. */
  containers: Set<string>;
  /** Ids. */
  networks: Set<string>;
  /** Names. */
  volumes: Set<string>;
}

export function nothingMade(): Made {
  return { containers: new Set(), networks: new Set(), volumes: new Set() };
}

/**
 * Removes what was created.
 *
 * @returns what could not be removed, in words.
 */
export async function removeMade(docker: Docker, made: Made): Promise<string[]> {
  const each = async (
    kind: string,
    ids: Iterable<string>,
    remove: (id: string) => Promise<unknown>,
  ): Promise<string[]> =>
    (
      await Promise.all(
        [...ids].map(async (id) => {
          try {
            await orGone(() => remove(id));
            return undefined;
          } catch (error) {
            return `the ${kind} ${id.slice(0, 40)}: ${reasonOf(error)}`;
          }
        }),
      )
    ).filter((trouble) => trouble !== undefined);
  return [
    ...(await each('container', made.containers, (id) => removeFrom(docker, id))),
    ...(await each('network', made.networks, (id) => docker.getNetwork(id).remove())),
    ...(await each('volume', made.volumes, (name) => docker.getVolume(name).remove())),
    // At last: while containers used them, they could not be removed.
    ...(await removeMadeImages(docker, (owner) => owner === ownLabels()[OWNER_LABEL])),
  ];
}

/** Removes a container. If the engine is removing it already (`--rm`), waits for that: its networks are in use till then. */
async function removeFrom(docker: Docker, id: string): Promise<void> {
  const container = docker.getContainer(id);
  await orGone(() => container.remove({ force: true, v: true }));
  await until(REMOVED_MS, async () => ((await orGone(() => container.inspect())) === undefined ? true : undefined));
}
