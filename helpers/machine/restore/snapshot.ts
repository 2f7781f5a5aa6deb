/**
 * What containers and networks of somebody else are like at a moment, as far as an experiment can change it: whether they run,
 * which networks they are on and how, and all that is needed to make these networks again.
 */
import type Docker from 'dockerode';
import { asRun, endpointsOf, settingsOf, type AsRun, type EndpointSettings } from '../../base/docker/as-run.ts';
import { orGone } from '../../base/docker/gone.ts';
import { LABEL } from '../lab-host/labels.ts';

export interface Snapshot {
  containers: ContainerThen[];
  /** Bridge networks that the task or the student made; Docker's own three are never changed. */
  networks: NetworkThen[];
}

export interface ContainerThen {
  id: string;
  name: string;
  state: 'running' | 'paused' | 'stopped';
  /** A time, as the engine writes it. */
  startedAt: string;
  /** A container that was created with a network's id here can start only while there is a network with that id. */
  networkMode: string;
  /** On the networks of the snapshot only. */
  endpoints: EndpointThen[];
  /** How it was run, if the engine removes it when it ends (`docker run --rm`). */
  asRun?: AsRun;
}

export interface EndpointThen {
  /** The network's name. */
  network: string;
  networkId: string;
  /** What was asked for, in the form in which the engine takes it: aliases, fixed addresses, … */
  config: EndpointSettings;
}

export interface NetworkThen {
  id: string;
  name: string;
  created: string;
  /** Ids of the containers on it, also of those that do not run; without tools of netgrade. */
  members: string[];
  /** All that the engine needs to make it again, in the form in which the engine takes it. */
  settings: NetworkSettings;
}

export interface NetworkSettings extends Record<string, unknown> {
  IPAM: { Config: Pool[] } & Record<string, unknown>;
}

interface Pool {
  Subnet?: string;
  IPRange?: string;
  Gateway?: string;
}

type InspectedNetwork = Docker.NetworkInspectInfo & { EnableIPv4?: boolean };

const PREDEFINED = ['bridge', 'host', 'none'];

/**
 * Takes a snapshot of containers, of the networks that they are on, and of the other containers on these networks.
 *
 * @param ids Containers; one that has gone is left out.
 */
export async function snapshotAround(docker: Docker, ids: string[]): Promise<Snapshot> {
  const [own, all] = await Promise.all([inspectEach(docker, ids), docker.listNetworks()]);
  const attached = new Set(own.flatMap((each) => endpointsOf(each).map(([, { NetworkID }]) => NetworkID)));
  const chosen = all.filter(({ Id, Name, Driver }) => {
    return Driver === 'bridge' && !PREDEFINED.includes(Name) && attached.has(Id);
  });
  const networks = await networksThen(docker, chosen);
  const others = new Set(networks.flatMap(({ members }) => members)).difference(new Set(ids));
  return snapshotOf([...own, ...(await inspectEach(docker, [...others]))], networks);
}

/** Takes a snapshot of the same containers and networks as an earlier one. A network that was made anew is found by its name. */
export async function snapshotAgain(docker: Docker, then: Snapshot): Promise<Snapshot> {
  const [containers, all] = await Promise.all([
    inspectEach(
      docker,
      then.containers.map(({ id }) => id),
    ),
    docker.listNetworks(),
  ]);
  const chosen = then.networks.flatMap(
    ({ id, name }) => all.find(({ Id }) => Id === id) ?? all.find(({ Name }) => Name === name) ?? [],
  );
  return snapshotOf(containers, await networksThen(docker, chosen));
}

function snapshotOf(containers: Docker.ContainerInspectInfo[], networks: NetworkThen[]): Snapshot {
  const names = new Set(networks.map(({ name }) => name));
  return { containers: containers.map((each) => containerThen(each, names)), networks };
}

/** @param networks The names of the networks whose endpoints are wanted. */
export function containerThen(container: Docker.ContainerInspectInfo, networks: ReadonlySet<string>): ContainerThen {
  const { Running, Paused, StartedAt } = container.State;
  return {
    id: container.Id,
    name: container.Name.replace(/^\//, ''),
    state: Paused ? 'paused' : Running ? 'running' : 'stopped',
    startedAt: StartedAt,
    networkMode: container.HostConfig.NetworkMode ?? 'default',
    endpoints: endpointsOf(container)
      .filter(([network]) => networks.has(network))
      .map(([network, endpoint]) => ({
        network,
        networkId: endpoint.NetworkID,
        config: settingsOf(endpoint),
      })),
    ...(container.HostConfig.AutoRemove === true ? { asRun: asRun(container) } : {}),
  };
}

/** @param members See NetworkThen. */
export function networkThen(network: InspectedNetwork, members: string[]): NetworkThen {
  const { Id, Name, Created, Driver, Internal, Attachable, EnableIPv4, EnableIPv6, Labels, Options, IPAM } = network;
  const pools = (IPAM?.Config ?? []) as Pool[];
  return {
    id: Id,
    name: Name,
    created: Created,
    members,
    settings: {
      Driver,
      Internal,
      Attachable,
      EnableIPv6,
      ...(EnableIPv4 === false ? { EnableIPv4 } : {}),
      Labels: Labels ?? {},
      Options: Options ?? {},
      IPAM: {
        Driver: IPAM?.Driver ?? 'default',
        ...(IPAM?.Options ? { Options: IPAM.Options } : {}),
        // Engines before 28 say the gateway of an IPv6 subnet with its prefix, but do not take it so.
        Config: pools.map((pool) => ({ ...pool, ...(pool.Gateway && { Gateway: pool.Gateway.replace(/\/.*/, '') }) })),
      },
    },
  };
}

/**
 * Finds containers of `docker run --rm` that were run again under the same name, because the engine had removed them.
 *
 * @returns their new ids, by their former ones.
 */
export async function runAgainSince(docker: Docker, { containers }: Snapshot): Promise<Map<string, string>> {
  const found = await Promise.all(
    containers.map(async ({ id, name, asRun: then }): Promise<[string, string][]> => {
      const now = then && (await orGone(() => docker.getContainer(name).inspect()));
      return now !== undefined && now.Id !== id && now.Image === then?.Image ? [[id, now.Id]] : [];
    }),
  );
  return new Map(found.flat());
}

async function networksThen(docker: Docker, networks: Docker.NetworkInspectInfo[]): Promise<NetworkThen[]> {
  return Promise.all(
    networks.map(async (network) => {
      const members = await docker.listContainers({ all: true, filters: { network: [network.Id] } });
      const others = members.filter(({ Labels }) => Labels[LABEL] === undefined);
      return networkThen(
        network,
        others.map(({ Id }) => Id),
      );
    }),
  );
}

async function inspectEach(docker: Docker, ids: string[]): Promise<Docker.ContainerInspectInfo[]> {
  const inspected = await Promise.all(ids.map((id) => orGone(() => docker.getContainer(id).inspect())));
  return inspected.filter((each) => each !== undefined);
}
