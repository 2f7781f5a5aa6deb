/** Lab hosts that are kept after their lab is graded (`--keep`): their names, how to enter them, and how to remove them. */
import type Docker from 'dockerode';
import { LABEL, OWNER_LABEL, ownerIsAlive } from './labels.ts';

/** The value of `LABEL` on a kept lab host. The removal of leftovers does not touch it. */
export const KEPT = 'kept';

export interface Kept {
  /** The lab host's container. */
  name: string;
  /** Containers in it that are paused, by their ids. */
  paused: string[];
}

/** Makes a container's name from names that students chose. @param mark Tells it from other lab hosts of the same lab. */
export function keptName(student: string, lab: string, mark: string): string {
  const plain = `${student}-${lab}`.replace(/[^A-Za-z0-9_.-]+/g, '-').slice(0, 60);
  return `netgrade-kept-${plain}-${mark}`;
}

/**
 * The command that removes kept lab hosts. It unpauses paused containers first, because with
 * control groups of version 1 a paused process cannot be killed.
 */
export function removalCommand(kept: Kept[]): string {
  return [
    ...kept.flatMap(({ name, paused }) =>
      paused.length > 0 ? [`docker exec ${name} docker unpause ${paused.join(' ')}`] : [],
    ),
    `docker rm -fv ${kept.map(({ name }) => name).join(' ')}`,
  ].join(' && ');
}

/** What the user is told about the kept lab hosts of one lab. */
export function aboutKept(student: string, lab: string, kept: Kept[]): string {
  const each = kept.flatMap(({ name }) => [
    `  enter it:        docker exec -it ${name} bash`,
    `  use its engine:  docker exec -it ${name} docker ps -a`,
  ]);
  const what = kept.length === 1 ? 'its lab host runs on' : `its ${kept.length} lab hosts run on`;
  return [`${student}  ${lab}: ${what}`, ...each, `  remove:          ${removalCommand(kept)}`].join('\n');
}

/**
 * Finds what earlier runs, which have ended, have kept on an engine.
 *
 * @returns names of containers, and the command that removes them; undefined when there is nothing.
 */
export async function keptEarlier(docker: Docker): Promise<{ names: string[]; removal: string } | undefined> {
  const filters = { label: [`${LABEL}=${KEPT}`] };
  const containers = await docker.listContainers({ all: true, filters });
  const isOver = ({ Labels }: { Labels?: Record<string, string> | undefined }): boolean =>
    !ownerIsAlive(Labels?.[OWNER_LABEL] ?? '');
  const hosts = containers.filter(isOver).map(({ Id, Names }) => Names[0]?.replace(/^\//, '') ?? Id.slice(0, 12));
  return hosts.length === 0 ? undefined : { names: hosts, removal: `docker rm -fv ${hosts.join(' ')}` };
}
