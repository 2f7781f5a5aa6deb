/** Gives every container on a network another address, whether it runs or not. */
import type Docker from 'dockerode';
import { endpointsOf, settingsOf, withoutAddress, type EndpointSettings } from '../base/docker/as-run.ts';
import { orGone } from '../base/docker/gone.ts';
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import { ownLabels } from '../machine/lab-host/labels.ts';
import type { ContainerFacts, NetworkFacts } from './facts.ts';

/** Whether a network is one of the student's bridges: Docker's own three cannot be made anew. */
export function isMadeBridge({ driver, predefined }: NetworkFacts): boolean {
  return driver === 'bridge' && !predefined;
}

const TAKES_AN_ADDRESS = ['sleep', 'infinity'];

/**
 * Makes the network anew with another subnet. That is impossible if a container was created with the network's id as
 * its network mode (Compose 2.26 does so with external networks): it could not be started again. Then placeholder
 * containers take the addresses that were in use.
 *
 * @returns the placeholders, which the caller has to remove afterwards.
 */
export async function renumber(
  host: LabHost,
  network: NetworkFacts,
  containers: ContainerFacts[],
): Promise<Docker.Container[]> {
  if (containers.some(({ networkMode }) => networkMode === network.id)) return crowd(host, network);
  await makeAnew(host, network);
  return [];
}

/**
 * Removes the network and makes it again, with the same name and labels and a new subnet; attaches its containers
 * again.
 */
async function makeAnew(host: LabHost, { id, name }: NetworkFacts): Promise<void> {
  const network = host.docker.getNetwork(id);
  const info = await orGone(() => network.inspect());
  if (info === undefined) return;
  const endpoints = await endpointsOn(host, { id, name });
  await disconnect(network, endpoints);
  await orGone(() => network.remove());
  const made = await host.docker.createNetwork({
    Name: name,
    Driver: info.Driver,
    Internal: info.Internal,
    Attachable: info.Attachable,
    Labels: info.Labels ?? {},
    Options: info.Options ?? {},
    IPAM: { Driver: 'default', Config: [{ Subnet: await host.spareSubnet() }] },
  });
  await connect(made, endpoints);
}

/** Occupies as many addresses as are in use, while no container is attached; then all get others, also fixed ones. */
async function crowd(host: LabHost, { id, name }: NetworkFacts): Promise<Docker.Container[]> {
  const network = host.docker.getNetwork(id);
  const endpoints = await endpointsOn(host, { id, name });
  await disconnect(network, endpoints);
  const placeholders: Docker.Container[] = [];
  while (placeholders.length < endpoints.length) {
    const placeholder = await host.docker.createContainer({
      Image: host.placeholderImage,
      Cmd: TAKES_AN_ADDRESS,
      Labels: ownLabels(),
      HostConfig: { NetworkMode: id },
    });
    await placeholder.start();
    placeholders.push(placeholder);
  }
  await connect(network, endpoints);
  return placeholders;
}

interface Endpoint {
  /** A container's id. */
  member: string;
  /** Without a fixed address, because its address has to change. */
  config: EndpointSettings;
}

/** One after another, because the engine serialises changes of one network anyway. */
async function disconnect(network: Docker.Network, endpoints: Endpoint[]): Promise<void> {
  for (const { member } of endpoints) await orGone(() => network.disconnect({ Container: member, Force: true }));
}

async function connect(network: Docker.Network, endpoints: Endpoint[]): Promise<void> {
  for (const { member, config } of endpoints)
    await orGone(() => network.connect({ Container: member, EndpointConfig: config }));
}

async function endpointsOn({ docker }: LabHost, { id, name }: Pick<NetworkFacts, 'id' | 'name'>): Promise<Endpoint[]> {
  const members = await docker.listContainers({ all: true, filters: { network: [id] } });
  const found = await Promise.all(
    members.map(async ({ Id }) => {
      const info = await orGone(() => docker.getContainer(Id).inspect());
      const endpoint = info && endpointsOf(info).find(([network]) => network === name)?.[1];
      return info && { member: Id, config: endpoint ? withoutAddress(settingsOf(endpoint)) : {} };
    }),
  );
  return found.filter((each) => each !== undefined);
}
