/** Removes what killed runs left on the grading host's engine, recognised by our label and a dead owner. */
import type Docker from 'dockerode';
import { LABEL, OWNER_LABEL, ownerIsAlive } from './labels.ts';

/** @returns how many lab hosts of dead runs were removed. */
export async function removeLeftovers(docker: Docker): Promise<number> {
  const containers = await docker.listContainers({ all: true, filters: { label: [`${LABEL}=run`] } });
  const orphans = containers.filter(({ Labels }) => !ownerIsAlive(Labels[OWNER_LABEL] ?? ''));
  await Promise.all(orphans.map(({ Id }) => removeContainer(docker.getContainer(Id))));
  return orphans.length;
}

/** Removes a container with its anonymous volumes, running or not, gone already or not. */
export async function removeContainer(container: Docker.Container): Promise<void> {
  try {
    await container.remove({ force: true, v: true });
  } catch (error) {
    const status = (error as { statusCode?: number }).statusCode;
    // 404: gone. 409: "removal of container … is already in progress".
    if (status !== 404 && status !== 409) throw error;
  }
}
