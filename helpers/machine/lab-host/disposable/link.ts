/** Puts lab hosts that have to reach each other on a network of their own. */
import type Docker from 'dockerode';
import { InfrastructureError, reasonOf } from '../../../base/failure.ts';

export interface Link extends AsyncDisposable {
  /** Its name on the grading machine's engine. */
  network: string;
  /** Each machine's address on it, in the order of the machines. */
  addresses: string[];
}

/**
 * Makes a network for these lab hosts alone, and connects them to it.
 *
 * @throws {InfrastructureError} when the engine does not make the network or connect them.
 */
export async function linkLabHosts(
  outer: Docker,
  containers: Docker.Container[],
  labels: Record<string, string>,
): Promise<Link> {
  const name = `netgrade-link-${containers.map(({ id }) => id.slice(0, 12)).join('-')}`;
  try {
    const network = await outer.createNetwork({ Name: name, Labels: labels, Internal: true });
    const addresses = await Promise.all(
      containers.map(async (container) => {
        await leaveNone(outer, container);
        await network.connect({ Container: container.id });
        const { NetworkSettings } = await container.inspect();
        return NetworkSettings.Networks[name]?.IPAddress ?? '';
      }),
    );
    return {
      network: name,
      addresses,
      // A lab host that still runs is disconnected first. For one that is removed already, this fails, which does no harm.
      [Symbol.asyncDispose]: async () => {
        await Promise.allSettled(containers.map(({ id }) => network.disconnect({ Container: id, Force: true })));
        await network.remove().catch(() => undefined); // the next run removes it by its label
      },
    };
  } catch (error) {
    throw new InfrastructureError(`two lab hosts could not be linked: ${reasonOf(error)}`);
  }
}

/** Disconnects a container from `none`, Docker's name for no network: while it is there, it can join no other one. */
async function leaveNone(outer: Docker, container: Docker.Container): Promise<void> {
  const { NetworkSettings } = await container.inspect();
  if (NetworkSettings.Networks['none'] !== undefined)
    await outer.getNetwork('none').disconnect({ Container: container.id });
}
