/** Gives every container on a network another address, while none of them runs. */
import type Docker from 'dockerode';
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import type { ContainerFacts, NetworkFacts } from './facts.ts';

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
  const info = await network.inspect();
  const endpoints = await endpointsOn(host, { id, name });
  // One after another, because the engine serialises changes of one network anyway.
  for (const { member } of endpoints) await network.disconnect({ Container: member, Force: true });
  await network.remove();
  const made = await host.docker.createNetwork({
    Name: name,
    Driver: info.Driver,
    Internal: info.Internal,
    Attachable: info.Attachable,
    Labels: info.Labels ?? {},
    Options: info.Options ?? {},
    IPAM: { Driver: 'default', Config: [{ Subnet: await host.spareSubnet() }] },
  });
  for (const { member, config } of endpoints) await made.connect({ Container: member, EndpointConfig: config });
}

/** Occupies as many addresses as are in use, after attaching all containers again without their fixed addresses. */
async function crowd(host: LabHost, { id, name }: NetworkFacts): Promise<Docker.Container[]> {
  const network = host.docker.getNetwork(id);
  const endpoints = await endpointsOn(host, { id, name });
  for (const { member, config } of endpoints) {
    await network.disconnect({ Container: member, Force: true });
    await network.connect({ Container: member, EndpointConfig: config });
  }
  const placeholders: Docker.Container[] = [];
  while (placeholders.length < endpoints.length) {
    const placeholder = await host.docker.createContainer({
      Image: host.placeholderImage,
      Cmd: TAKES_AN_ADDRESS,
      HostConfig: { NetworkMode: id },
    });
    await placeholder.start();
    placeholders.push(placeholder);
  }
  return placeholders;
}

interface Endpoint {
  /** A container's id. */
  member: string;
  config: Docker.EndpointSettings;
}

async function endpointsOn(host: LabHost, { id, name }: Pick<NetworkFacts, 'id' | 'name'>): Promise<Endpoint[]> {
  const members = await host.docker.listContainers({ all: true, filters: { network: [id] } });
  return Promise.all(members.map(async ({ Id }) => ({ member: Id, config: await endpointConfig(host, Id, name) })));
}

/** The student's settings of an endpoint, without a fixed address, because the address has to change. */
async function endpointConfig(host: LabHost, member: string, network: string): Promise<Docker.EndpointSettings> {
  const { NetworkSettings } = await host.docker.getContainer(member).inspect();
  const endpoint = NetworkSettings.Networks[network] as
    { Aliases?: string[] | null; Links?: string[] | null; DriverOpts?: unknown } | undefined;
  return {
    ...(endpoint?.Aliases ? { Aliases: endpoint.Aliases } : {}),
    ...(endpoint?.Links ? { Links: endpoint.Links } : {}),
    ...(endpoint?.DriverOpts ? { DriverOpts: endpoint.DriverOpts } : {}),
  } as Docker.EndpointSettings;
}
