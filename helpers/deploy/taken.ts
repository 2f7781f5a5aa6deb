/** What a submission needs but others have already, on a machine that others use, too. */
import type Docker from 'dockerode';
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import { overlap } from '../base/docker/addresses.ts';
import type { NeededPort, Needs } from './needs.ts';

/** @returns a clause for each thing that is taken, saying what has it. */
export async function takenFrom(host: LabHost, needs: Needs): Promise<string[]> {
  const [containers, networks, { Volumes: volumes }] = await Promise.all([
    host.docker.listContainers({ all: true }),
    host.docker.listNetworks(),
    host.docker.listVolumes(),
  ]);
  const named = (name: string): Docker.ContainerInfo | undefined =>
    containers.find(({ Names }) => Names.includes(`/${name}`));
  const project = containers.filter(({ Labels }) => Labels[PROJECT] === needs.project && needs.project !== undefined);
  return [
    ...(project.length > 0
      ? [
          `the Compose project "${needs.project ?? ''}" runs here already (${project.map(nameOf).join(', ')}; from ${project[0]?.Labels[FOLDER] ?? 'an unknown folder'})`,
        ]
      : needs.containers.flatMap((name) => {
          const holder = named(name);
          return holder === undefined ? [] : [`the container name "${name}" is taken by ${described(holder)}`];
        })),
    ...needs.networks.flatMap((name) =>
      networks.some((each) => each.Name === name) ? [`there is a network "${name}" already`] : [],
    ),
    ...needs.volumes.flatMap((name) =>
      volumes.some((each) => each.Name === name) ? [`there is a volume "${name}" already`] : [],
    ),
    ...needs.subnets.flatMap((subnet) => {
      const holder = networks.find(({ IPAM }) =>
        (IPAM?.Config ?? []).some(({ Subnet = '' }) => Subnet !== '' && overlap(Subnet, subnet)),
      );
      return holder === undefined ? [] : [`the subnet ${subnet} overlaps that of the network "${holder.Name}"`];
    }),
    ...needs.touches.flatMap((name) => {
      const thing = named(name);
      return thing === undefined ? [] : [`the submission changes or removes ${described(thing)}, which is not its own`];
    }),
    ...(await takenPorts(host, needs.ports, containers)),
  ];
}

const PROJECT = 'com.docker.compose.project';
const FOLDER = 'com.docker.compose.project.working_dir';

function nameOf({ Names }: Docker.ContainerInfo): string {
  return (Names[0] ?? '').replace(/^\//, '');
}

function described(container: Docker.ContainerInfo): string {
  return `the container ${nameOf(container)} (image ${container.Image}, ${container.Status.toLowerCase()})`;
}

async function takenPorts(host: LabHost, ports: NeededPort[], containers: Docker.ContainerInfo[]): Promise<string[]> {
  if (ports.length === 0) return [];
  const { listeners } = await host.ask('host', { ask: 'sandbox' });
  const taken = await Promise.all(
    ports.map(async (needed) => {
      const publisher = containers.find(({ Ports }) =>
        Ports.some(
          ({ PublicPort, Type, IP }) =>
            PublicPort === needed.port && Type === needed.protocol && collide(IP || '0.0.0.0', needed.address),
        ),
      );
      if (publisher !== undefined) return `port ${needed.port} of the host is taken by ${described(publisher)}`;
      const listens = listeners.some(({ port, address }) => port === needed.port && collide(address, needed.address));
      if (needed.protocol !== 'tcp' || !listens) return undefined;
      const { holders } = await host.ask('host', { ask: 'holders', port: needed.port });
      const [holder] = holders;
      return `port ${needed.port} of the host is taken by ${holder === undefined ? 'some process' : `the process ${holder.command} (${holder.pid})`}`;
    }),
  );
  return taken.filter((each) => each !== undefined);
}

/** Whether two programs could not both listen on one port, each at its address. */
function collide(one: string, other: string): boolean {
  const all = ['0.0.0.0', '::'];
  if (all.includes(one) || all.includes(other)) return true;
  return one === other;
}
