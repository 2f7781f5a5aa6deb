/** Removes what killed runs left on an engine, recognised by our label and a dead owner. */
import type Docker from 'dockerode';
import { reasonOf } from '../failure.ts';
import { LABEL, OWNER_LABEL, ownerIsAlive } from './labels.ts';
import { removeContainer } from './remove.ts';

/**
 * @returns what could not be removed, in words; the run can go on without.
 */
export async function removeLeftovers(docker: Docker): Promise<string[]> {
  const filters = { label: [`${LABEL}=run`] };
  const containers = await docker.listContainers({ all: true, filters });
  const troubles = await removeEach(
    containers.filter(isOrphan).map(({ Id }) => Id),
    (id) => removeContainer(docker.getContainer(id)),
  );
  // After the containers that use them.
  const [networks, { Volumes: volumes }] = await Promise.all([
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
  ]);
  return [
    ...troubles,
    ...(await removeEach(
      networks.filter(isOrphan).map(({ Id }) => Id),
      (id) => docker.getNetwork(id).remove(),
    )),
    ...(await removeEach(
      volumes.filter(isOrphan).map(({ Name }) => Name),
      (name) => docker.getVolume(name).remove(),
    )),
  ];
}

function isOrphan({ Labels }: { Labels?: Record<string, string> | null | undefined }): boolean {
  return !ownerIsAlive(Labels?.[OWNER_LABEL] ?? '');
}

async function removeEach(ids: string[], remove: (id: string) => Promise<unknown>): Promise<string[]> {
  const results = await Promise.allSettled(ids.map(remove));
  return results.flatMap((result, i) =>
    result.status === 'rejected'
      ? [`what an earlier run left (${ids[i]?.slice(0, 12) ?? ''}): ${reasonOf(result.reason)}`]
      : [],
  );
}
