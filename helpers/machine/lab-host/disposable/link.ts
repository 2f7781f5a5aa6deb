/** A network of their own for lab hosts that have to reach each other. */
import type Docker from 'dockerode';
import { InfrastructureError, reasonOf } from '../../../base/failure.ts';

export interface Link extends AsyncDisposable {
  /** Its name on the grading machine's engine. */
  network: string;
  /** Each machine's address on it, in the order of the machines. */
  addresses: string[];
}

/**
 * Links lab hosts; they stand on a network on which nobody else is.
 *
 * @throws {InfrastructureError}
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
      // A lab host that has gone meanwhile has left the network already; one that is still there is made to leave.
      [Symbol.asyncDispose]: async () => {
        await Promise.allSettled(containers.map(({ id }) => network.disconnect({ Container: id, Force: true })));
        await network.remove().catch(() => undefined); // The next run removes it by its label.
      },
    };
  } catch (error) {
    throw new InfrastructureError(`two lab hosts could not be linked: ${reasonOf(error)}`);
  }
}

/** A container that is on no network is on one called `none`, and on that one alone. */
async function leaveNone(outer: Docker, container: Docker.Container): Promise<void> {
  const { NetworkSettings } = await container.inspect();
  if (NetworkSettings.Networks['none'] !== undefined)
    await outer.getNetwork('none').disconnect({ Container: container.id });
}
