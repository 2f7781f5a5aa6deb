/**
 * How a container was run, by what an engine says of it, in the form in which the engine takes it: so it can be put on its
 * networks again as it was asked for, or be run again when it is gone.
 */
import type Docker from 'dockerode';
import { until } from '../wait.ts';
import { orGone } from './gone.ts';

/** What was asked for on a network: aliases, fixed addresses, … */
export type EndpointSettings = Record<string, unknown>;

export interface AsRun {
  Image: string;
  Config: object;
  HostConfig: object;
  /** What was asked for on each of its networks, the one of its network mode first. */
  networks: [name: string, settings: EndpointSettings][];
}

/** Those parts of the engine's answers that dockerode's types do not all have. */
export interface InspectedEndpoint {
  NetworkID: string;
  [setting: string]: unknown;
}

const SETTINGS = ['Aliases', 'Links', 'DriverOpts', 'IPAMConfig', 'GwPriority'];
const REMOVED_MS = 30_000;

/** The networks of a container, by name. */
export function endpointsOf(container: Docker.ContainerInspectInfo): [string, InspectedEndpoint][] {
  return Object.entries(container.NetworkSettings.Networks as unknown as Record<string, InspectedEndpoint>);
}

/** What was asked for, without what the engine chose. A hardware address is not among it: engines take none here. */
export function settingsOf(endpoint: InspectedEndpoint): EndpointSettings {
  const said = SETTINGS.filter((name) => {
    const value = endpoint[name];
    return typeof value === 'object' ? value !== null && Object.keys(value).length > 0 : Boolean(value);
  });
  return Object.fromEntries(said.map((name) => [name, endpoint[name]]));
}

/** The same, but any address. */
export function withoutAddress(settings: EndpointSettings): EndpointSettings {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => name !== 'IPAMConfig'));
}

export function asRun(container: Docker.ContainerInspectInfo): AsRun {
  const { Image, Config, HostConfig } = container;
  const networks = endpointsOf(container).map(([name, endpoint]): AsRun['networks'][number] => {
    return [name, settingsOf(endpoint)];
  });
  const first = networks.filter(([name]) => name === HostConfig.NetworkMode);
  return { Image, Config, HostConfig, networks: [...new Set([...first, ...networks])] };
}

/**
 * Runs a container again that its engine removes, or has removed. It waits for that, because until then its name is taken.
 *
 * @returns its new id; undefined when the former one is still there.
 */
export async function runAgain(
  docker: Docker,
  { id, name }: { id: string; name: string },
  { Image, Config, HostConfig, networks }: AsRun,
): Promise<string | undefined> {
  const former = docker.getContainer(id);
  const isGone = await until(REMOVED_MS, async () =>
    (await orGone(() => former.inspect())) === undefined ? true : undefined,
  );
  if (isGone === undefined) return undefined;
  // Engines before 25 take no more than one network here.
  const EndpointsConfig = Object.fromEntries(networks.slice(0, 1));
  const made = await docker.createContainer(
    inBody({ ...Config, Image, HostConfig, NetworkingConfig: { EndpointsConfig } }, { name }),
  );
  for (const [network, settings] of networks.slice(1))
    await docker.getNetwork(network).connect({ Container: made.id, EndpointConfig: settings });
  await made.start();
  return made.id;
}

/**
 * Options for a request that creates something. Without this, dockerode sends all of them in the address of the request, too:
 * it may become too long there, and an engine that logs its requests logs what they hold.
 *
 * @param query What belongs into the address.
 */
export function inBody<T extends object>(body: T, query: Record<string, string> = {}): T {
  return { _query: query, _body: body } as unknown as T;
}
