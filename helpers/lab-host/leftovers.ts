/** Removes what killed runs left on the grading host's engine, recognised by our label and a dead owner. */
import type Docker from 'dockerode';
import { reasonOf } from '../failure.ts';
import { LABEL, OWNER_LABEL, ownerIsAlive } from './labels.ts';
import { removeContainer } from './remove.ts';

/**
 * @returns what could not be removed, in words; the run can go on without.
 */
export async function removeLeftovers(docker: Docker): Promise<string[]> {
  const containers = await docker.listContainers({ all: true, filters: { label: [`${LABEL}=run`] } });
  const orphans = containers.filter(({ Labels }) => !ownerIsAlive(Labels[OWNER_LABEL] ?? ''));
  const results = await Promise.allSettled(orphans.map(({ Id }) => removeContainer(docker.getContainer(Id))));
  return results.flatMap((result, i) =>
    result.status === 'rejected'
      ? [`lab host ${orphans[i]?.Id.slice(0, 12) ?? ''} of an earlier run: ${reasonOf(result.reason)}`]
      : [],
  );
}
