/**
 * Which containers are replicas of one Compose service. Anybody can put Compose's labels on a container, so one label makes no
 * replica: all that Compose writes has to fit together, the container's name and image included. And each replica is judged.
 */
import type { ContainerFacts } from './facts.ts';

/** A service with more containers than this is not taken for one part: every pair of containers is judged. */
const MOST_REPLICAS = 12;

/** @returns the containers in groups: all replicas of one service together, every other container alone. */
export function inGroups(containers: ContainerFacts[]): ContainerFacts[][] {
  const groups = new Map<string, ContainerFacts[]>();
  for (const each of containers) {
    const key = serviceKey(each) ?? each.id;
    groups.set(key, [...(groups.get(key) ?? []), each]);
  }
  return [...groups.values()].flatMap((group) => {
    const numbers = new Set(group.map(({ replica }) => replica?.number));
    const areReplicas = numbers.size === group.length && group.length <= MOST_REPLICAS;
    return areReplicas ? [group.sort(byNumber)] : group.map((each) => [each]);
  });
}

/** The same for all replicas of a service; undefined for a container that cannot be one. */
function serviceKey({ name, project, service, replica, imageId }: ContainerFacts): string | undefined {
  if (project === undefined || service === undefined || replica === undefined) return undefined;
  // Compose names replicas itself: a service with `container_name` can have only one container.
  const names = ['-', '_'].map((separator) => [project, service, replica.number].join(separator));
  return names.includes(name) ? JSON.stringify([project, service, replica.config, imageId]) : undefined;
}

function byNumber(one: ContainerFacts, other: ContainerFacts): number {
  return (one.replica?.number ?? 0) - (other.replica?.number ?? 0);
}
