/**
 * Makes testcontainers use the engine that the user means, and no other.
 *
 * By itself, testcontainers (12.2) tries several ways to an engine and takes the first that answers. If the engine that
 * DOCKER_HOST names does not answer, it silently takes another one. It does not read the contexts of Docker's command line,
 * and it cannot use ssh://. So it is given the socket that engine-address.ts has found. Then it is checked that it uses it.
 */
import { existsSync } from 'node:fs';
import type Docker from 'dockerode';
import { getContainerRuntimeClient, getReaper, type ContainerRuntimeClient } from 'testcontainers';
import { InfrastructureError, reasonOf } from '../../../base/failure.ts';
import { log } from '../../../base/log.ts';
import { watchRequests } from '../../../base/docker/requests.ts';
import { imageExists } from '../../setup/image-exists.ts';
import type { EngineAddress } from '../engine-address.ts';

/** Keeps testcontainers from starting a container to find out where ports are published: we publish none. */
const NO_LOOK_FOR_GATEWAY = { TESTCONTAINERS_HOST_OVERRIDE: '127.0.0.1' };
/** testcontainers puts this registry's name before the name of every image. Our images are on the engine without it. */
const PREFIX = 'TESTCONTAINERS_HUB_IMAGE_NAME_PREFIX';
/** Without this, testcontainers reads certificates even for a unix socket. Empty and not absent, because ~/.testcontainers.properties would count then. */
const NO_TLS = { DOCKER_TLS_VERIFY: '' };
const REAPER = 'testcontainers/ryuk';

let opened: Promise<void> | undefined;

/**
 * Prepares testcontainers, once per process.
 *
 * @throws {InfrastructureError} when it does not use this engine.
 */
export function openRuntime(address: EngineAddress): Promise<void> {
  return (opened ??= open(address));
}

async function open(address: EngineAddress): Promise<void> {
  const started = performance.now();
  const environment = { ...NO_LOOK_FOR_GATEWAY, ...NO_TLS, DOCKER_HOST: `unix://${address.socketPath}` };
  Reflect.deleteProperty(process.env, PREFIX); // not only for now: testcontainers reads it again for every image
  const client = await withEnvironment(environment, getContainerRuntimeClient);
  const socketPath = socketOf(client);
  if (socketPath !== address.socketPath) {
    throw new InfrastructureError(
      `testcontainers does not use the engine at ${address.url} but another one (${socketPath ?? 'over a network'}): remove tc.host from ~/.testcontainers.properties, or see whether that engine still answers`,
    );
  }
  const { dockerode } = client.container;
  watchRequests(dockerode, 'grading machine');
  if (!(await hasReaper(client, address))) process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true';
  log('engine', `testcontainers uses ${address.url}`, performance.now() - started);
}

/**
 * Finds an engine when the user has named none and Docker's default socket is not there: for example that of Docker
 * Desktop, or a rootless one.
 *
 * @returns its socket; undefined when there is none.
 */
export async function discoverSocket(): Promise<string | undefined> {
  try {
    return socketOf(await withEnvironment({ ...NO_LOOK_FOR_GATEWAY, ...NO_TLS }, getContainerRuntimeClient));
  } catch (error) {
    log('engine', `testcontainers finds none: ${reasonOf(error)}`);
    return undefined; // the caller then tries the default socket
  }
}

function socketOf({ container }: ContainerRuntimeClient): string | undefined {
  const { socketPath } = container.dockerode.modem as { socketPath?: unknown };
  return typeof socketPath === 'string' ? socketPath : undefined;
}

/**
 * Whether testcontainers' own clean-up container (the reaper) can be used: its image is on the engine, and it can be reached.
 * It removes what a killed run left. Without it, the next run removes that by our labels.
 */
async function hasReaper(client: ContainerRuntimeClient, { url, socketPath }: EngineAddress): Promise<boolean> {
  if (process.env['TESTCONTAINERS_RYUK_DISABLED'] === 'true') return false;
  // The reaper mounts the engine's socket, and testcontainers speaks to it at a port of this machine.
  if (url !== `unix://${socketPath}` || existsSync('/.dockerenv')) return false;
  const image = process.env['RYUK_CONTAINER_IMAGE'] ?? (await newestOf(client.container.dockerode, REAPER));
  if (image === undefined || !(await imageExists(client.container.dockerode, image))) return false;
  process.env['RYUK_CONTAINER_IMAGE'] = image;
  try {
    await getReaper(client);
    return true;
  } catch (error) {
    log('engine', `testcontainers' reaper does not start, so it stays off: ${reasonOf(error)}`);
    return false;
  }
}

async function newestOf(docker: Docker, repository: string): Promise<string | undefined> {
  const images = await docker.listImages({ filters: { reference: [repository] } });
  const tagged = images.filter(({ RepoTags }) => (RepoTags ?? []).length > 0);
  return tagged.toSorted((a, b) => b.Created - a.Created)[0]?.RepoTags?.[0];
}

/** Does some work with other environment variables. */
async function withEnvironment<T>(variables: Record<string, string>, work: () => Promise<T>): Promise<T> {
  const before = Object.keys(variables).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, variables);
  try {
    return await work();
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
  }
}
