/** Turns what the engine says about containers and networks into facts. */
import type Docker from 'dockerode';
import { orGone } from '../base/docker/gone.ts';
import { isOwnTool } from '../machine/lab-host/labels.ts';
import type { Attachment, ContainerFacts, NetworkFacts, PublishedPort } from './facts.ts';
import { commandIn, lineageOf, type Lineage } from './ancestors.ts';

const PREDEFINED = ['bridge', 'host', 'none'];

export interface Inventory {
  containers: ContainerFacts[];
  networks: NetworkFacts[];
}

/** Inspects every network of an engine, and every container that is not the grader's own. */
export async function inspectAll(docker: Docker): Promise<Inventory> {
  const [all, networks] = await Promise.all([docker.listContainers({ all: true }), inspectNetworks(docker)]);
  const list = all.filter(({ Labels }) => !isOwnTool(Labels));
  const found = await Promise.all(list.map(({ Id }) => orGone(() => docker.getContainer(Id).inspect())));
  const inspected = found.filter((each) => each !== undefined).filter((each) => !isBeingRemoved(each));
  const byId = new Map(inspected.map((each) => [each.Id, each]));
  // A container that was never started knows its networks as it was told them: by name or id.
  const networkIds = new Map(
    networks.flatMap(({ id, name }): [string, string][] => [
      [id, id],
      [name, id],
    ]),
  );
  const lineages = await lineageOf(docker, new Set(inspected.map(({ Image }) => Image)));
  const containers = inspected.map((each) =>
    containerFacts(each, { owner: sandboxOwner(each, byId), lineage: lineages.get(each.Image), networkIds }),
  );
  return { containers: containers.sort((a, b) => a.name.localeCompare(b.name)), networks };
}

/** Whether a container is as good as gone. An engine that fails to remove one keeps it as `dead`. */
function isBeingRemoved({ State }: Docker.ContainerInspectInfo): boolean {
  return State.Status === 'removing' || State.Dead;
}

async function inspectNetworks(docker: Docker): Promise<NetworkFacts[]> {
  const list = await docker.listNetworks();
  return list.map((network) => {
    const composeName = network.Labels?.['com.docker.compose.network'];
    const pools = network.IPAM?.Config ?? [];
    return {
      id: network.Id,
      name: network.Name,
      names: [...new Set([network.Name, ...(composeName === undefined ? [] : [composeName])])],
      driver: network.Driver,
      predefined: PREDEFINED.includes(network.Name),
      internal: network.Internal,
      attachable: network.Attachable,
      subnets: pools.map(({ Subnet }) => Subnet ?? '').filter((each) => each !== ''),
      gateways: pools.map(({ Gateway }) => (Gateway ?? '').replace(/\/.*/, '')).filter((each) => each !== ''),
      options: network.Options ?? {},
    };
  });
}

/** Follows `--network container:X` to the container that owns the sandbox. */
function sandboxOwner(
  container: Docker.ContainerInspectInfo,
  byId: Map<string, Docker.ContainerInspectInfo>,
): Docker.ContainerInspectInfo {
  let owner = container;
  for (let hops = 0; hops < byId.size; hops++) {
    const mode = owner.HostConfig.NetworkMode ?? '';
    if (!mode.startsWith('container:')) return owner;
    const target = mode.slice('container:'.length);
    const next = byId.get(target) ?? [...byId.values()].find(({ Name }) => Name === `/${target}`);
    if (next === undefined) return owner;
    owner = next;
  }
  return owner;
}

function containerFacts(
  container: Docker.ContainerInspectInfo,
  known: { owner: Docker.ContainerInspectInfo; lineage: Lineage | undefined; networkIds: Map<string, string> },
): ContainerFacts {
  const { owner, lineage, networkIds } = known;
  const { State: state, Config: config } = container;
  const { 'com.docker.compose.service': service, 'com.docker.compose.project': project } = config.Labels;
  const replica = replicaOf(config.Labels);
  return {
    id: container.Id,
    name: nameOf(container),
    ...(service === undefined ? {} : { service }),
    ...(project === undefined ? {} : { project }),
    ...(replica === undefined ? {} : { replica }),
    image: config.Image,
    ancestors: lineage?.ancestors ?? [],
    hostname: config.Hostname,
    exposedByImage: lineage?.exposes ?? [],
    imageId: container.Image,
    imageLayers: lineage?.layers ?? [],
    ...(lineage === undefined || lineage.config === '' ? {} : { imageConfig: lineage.config }),
    runsItsImage: lineage?.runs === commandIn(config),
    extraHosts: (container.HostConfig.ExtraHosts as string[] | null | undefined) ?? [],
    state: {
      status: state.Status,
      running: state.Running,
      restarting: state.Restarting,
      paused: state.Paused,
      exitCode: state.ExitCode,
      error: state.Error,
      pid: state.Pid,
      startedAt: state.StartedAt,
      restartCount: container.RestartCount,
      oomKilled: container.State.OOMKilled,
      ...((container.HostConfig.Memory ?? 0) > 0 && { memoryLimit: container.HostConfig.Memory! }),
      ...healthOf(container),
    },
    sandboxOf: nameOf(owner),
    networkMode: owner.HostConfig.NetworkMode ?? 'default',
    attachments: attachmentsIn(owner.NetworkSettings.Networks, networkIds),
    published: publishedPorts(owner),
    publishAsked: container.HostConfig.PublishAllPorts
      ? 'all'
      : mappingsOf(container.HostConfig.PortBindings as PortMap | null),
    ...bindsOf(container),
  };
}

/** Compose's labels of a container that it keeps up; undefined for others, and for those of `compose run`. */
function replicaOf(labels: Record<string, string>): ContainerFacts['replica'] {
  const number = Number(labels['com.docker.compose.container-number']);
  const config = labels['com.docker.compose.config-hash'] ?? '';
  const isOneOff = labels['com.docker.compose.oneoff'] !== 'False';
  return Number.isSafeInteger(number) && number > 0 && config !== '' && !isOneOff ? { number, config } : undefined;
}

/** Characters of a health check's command and output that are kept. */
const LONGEST_TEST = 200;
const LONGEST_HEALTH_OUTPUT = 2000;

function healthOf({ State, Config }: Docker.ContainerInspectInfo): Pick<ContainerFacts['state'], 'health'> {
  const { Status, Log } = State.Health ?? {};
  if (Status === undefined || Status === 'none') return {};
  const [first = '', ...words] = Config.Healthcheck?.Test ?? [];
  const test = (first.startsWith('CMD') ? words : [first, ...words]).join(' ');
  const output = (Log ?? []).at(-1)?.Output ?? '';
  return {
    health: { status: Status, test: test.slice(0, LONGEST_TEST), output: output.slice(-LONGEST_HEALTH_OUTPUT) },
  };
}

function bindsOf({ Mounts }: Docker.ContainerInspectInfo): Pick<ContainerFacts, 'binds'> {
  const binds = Mounts.filter(({ Type }) => Type === 'bind');
  if (binds.length === 0) return {};
  return { binds: binds.map(({ Source, Destination }) => ({ source: Source, target: Destination })) };
}

function nameOf(container: Docker.ContainerInspectInfo): string {
  return container.Name.replace(/^\//, '');
}

/** @param networkIds By name and by id. */
export function attachmentsIn(
  networks: Docker.ContainerInspectInfo['NetworkSettings']['Networks'],
  networkIds = new Map<string, string>(),
): Attachment[] {
  return Object.entries(networks).map(([network, endpoint]) => ({
    network,
    networkId: endpoint.NetworkID === '' ? (networkIds.get(network) ?? '') : endpoint.NetworkID,
    addresses: [endpoint.IPAddress, endpoint.GlobalIPv6Address].filter((address) => address !== ''),
    aliases: (endpoint.Aliases as string[] | null) ?? [],
    gateway: endpoint.Gateway,
  }));
}

/**
 * The mappings in force (`NetworkSettings.Ports`) and those asked for (`HostConfig.PortBindings`): the second are
 * all there is of a stopped container, and of one whose only network is internal.
 */
function publishedPorts(owner: Docker.ContainerInspectInfo): PublishedPort[] {
  const inForce = mappingsOf(owner.NetworkSettings.Ports);
  return inForce.length > 0 || owner.State.Running
    ? inForce
    : mappingsOf(owner.HostConfig.PortBindings as PortMap | null);
}

type PortMap = Record<string, { HostIp?: string; HostPort?: string }[] | null>;

function mappingsOf(ports: PortMap | null): PublishedPort[] {
  return Object.entries(ports ?? {}).flatMap(([port, bindings]) => {
    const [containerPort = '', protocol = 'tcp'] = port.split('/');
    return (bindings ?? []).map(({ HostIp, HostPort }) => ({
      hostAddress: HostIp === undefined || HostIp === '' ? '0.0.0.0' : HostIp,
      hostPort: Number.parseInt(HostPort ?? '0', 10) || 0,
      containerPort: Number.parseInt(containerPort, 10),
      protocol,
    }));
  });
}
