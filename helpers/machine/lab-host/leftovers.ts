/** Removes what killed runs left on an engine: things that have our label, and whose owner process no longer runs. */
import type Docker from 'dockerode';
import { orGone } from '../../base/docker/gone.ts';
import { reasonOf } from '../../base/failure.ts';
import { removeMadeImages } from '../gate/made-images.ts';
import { LABEL, OWNER_LABEL, ownerIsAlive, ownLabels } from './labels.ts';
import { removeContainer } from './remove.ts';

/**
 * Removes everything whose run has ended.
 *
 * @returns a clause about each thing that could not be removed. The run can go on nevertheless.
 */
export function removeLeftovers(docker: Docker): Promise<string[]> {
  return removeLabelled(docker, ({ Labels }) => !ownerIsAlive(Labels?.[OWNER_LABEL] ?? ''));
}

/** Removes what this run itself made there earlier. That may be left when the machine was out of reach for a while. */
export function removeOwn(docker: Docker): Promise<string[]> {
  return removeLabelled(docker, ({ Labels }) => Labels?.[OWNER_LABEL] === ownLabels()[OWNER_LABEL]);
}

interface Labelled {
  Labels?: Record<string, string> | null | undefined;
}

async function removeLabelled(docker: Docker, isMeant: (thing: Labelled) => boolean): Promise<string[]> {
  const filters = { label: [`${LABEL}=run`] };
  const containers = await docker.listContainers({ all: true, filters });
  const troubles = await removeEach(
    containers.filter(isMeant).map(({ Id }) => Id),
    (id) => removeContainer(docker.getContainer(id)),
  );
  const images = await removeMadeImages(docker, (owner) => isMeant({ Labels: { [OWNER_LABEL]: owner } }));
  // Only now: while a container used them, they could not be removed.
  const [networks, { Volumes: volumes }] = await Promise.all([
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
  ]);
  return [
    ...troubles,
    ...images.map((each) => `what an earlier run left (${each})`),
    ...(await removeEach(
      networks.filter(isMeant).map(({ Id }) => Id),
      (id) => docker.getNetwork(id).remove(),
    )),
    ...(await removeEach(
      volumes.filter(isMeant).map(({ Name }) => Name),
      (name) => docker.getVolume(name).remove(),
    )),
  ];
}

async function removeEach(ids: string[], remove: (id: string) => Promise<unknown>): Promise<string[]> {
  const results = await Promise.allSettled(ids.map((id) => orGone(() => remove(id))));
  return results.flatMap((result, i) =>
    result.status === 'rejected'
      ? [`what an earlier run left (${ids[i]?.slice(0, 12) ?? ''}): ${reasonOf(result.reason)}`]
      : [],
  );
}
