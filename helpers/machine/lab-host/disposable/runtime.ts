/**
 * testcontainers on the engine that the user means, and on no other.
 *
 * By itself, testcontainers (12.2) tries one way to an engine after the other and takes the first that answers: with a
 * DOCKER_HOST that does not answer, it goes on to another engine without a word. It reads no contexts of Docker's command
 * line and cannot use ssh://. So it is given the socket that endpoint.ts has found, and it is checked that it uses that
 * one.
 */
import { existsSync } from 'node:fs';
import type Docker from 'dockerode';
import { getContainerRuntimeClient, getReaper, type ContainerRuntimeClient } from 'testcontainers';
import { InfrastructureError, reasonOf } from '../../../base/failure.ts';
import { log } from '../../../base/log.ts';
import { watchRequests } from '../../../base/docker/requests.ts';
import { imageExists } from '../../setup/image-exists.ts';
import type { Endpoint } from '../endpoint.ts';

/** Nothing that we start publishes a port, so nobody asks where ports are published. Otherwise it might start a container to find out. */
const NO_LOOK_FOR_GATEWAY = { TESTCONTAINERS_HOST_OVERRIDE: '127.0.0.1' };
/** Puts a registry's name before that of every image; ours are on the engine, under their own names. */
const PREFIX = 'TESTCONTAINERS_HUB_IMAGE_NAME_PREFIX';
/** It would read certificates for a unix socket, too. Empty, because a value in ~/.testcontainers.properties counts otherwise. */
const NO_TLS = { DOCKER_TLS_VERIFY: '' };
const REAPER = 'testcontainers/ryuk';

let opened: Promise<void> | undefined;

/**
 * Prepares testcontainers, once per process.
 *
 * @throws {InfrastructureError} when it does not use this engine.
 */
export function openRuntime(endpoint: Endpoint): Promise<void> {
  return (opened ??= open(endpoint));
}

async function open(endpoint: Endpoint): Promise<void> {
  const started = performance.now();
  const environment = { ...NO_LOOK_FOR_GATEWAY, ...NO_TLS, DOCKER_HOST: `unix://${endpoint.socketPath}` };
  Reflect.deleteProperty(process.env, PREFIX); // for as long as this process lives: it is read again with every image
  const client = await withEnvironment(environment, getContainerRuntimeClient);
  const socketPath = socketOf(client);
  if (socketPath !== endpoint.socketPath) {
    throw new InfrastructureError(
      `testcontainers does not use the engine at ${endpoint.url} but another one (${socketPath ?? 'over a network'}): remove tc.host from ~/.testcontainers.properties, or see whether that engine still answers`,
    );
  }
  const { dockerode } = client.container;
  watchRequests(dockerode, 'grading machine');
  if (!(await hasReaper(client, endpoint))) process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true';
  log('engine', `testcontainers uses ${endpoint.url}`, performance.now() - started);
}

/**
 * The engine that testcontainers finds where the user has named none and Docker's default socket is not there: that of
 * Docker Desktop, or one without root.
 *
 * @returns its socket; undefined when there is none.
 */
export async function discoverSocket(): Promise<string | undefined> {
  try {
    return socketOf(await withEnvironment({ ...NO_LOOK_FOR_GATEWAY, ...NO_TLS }, getContainerRuntimeClient));
  } catch (error) {
    log('engine', `testcontainers finds none: ${reasonOf(error)}`);
    return undefined; // whoever needs an engine says so
  }
}

function socketOf({ container }: ContainerRuntimeClient): string | undefined {
  const { socketPath } = container.dockerode.modem as { socketPath?: unknown };
  return typeof socketPath === 'string' ? socketPath : undefined;
}

/**
 * Whether testcontainers' own container for removing what killed runs left can be had: its image is there, and it can be
 * reached. Our labels do the same, only later, in the next run.
 */
async function hasReaper(client: ContainerRuntimeClient, { url, socketPath }: Endpoint): Promise<boolean> {
  if (process.env['TESTCONTAINERS_RYUK_DISABLED'] === 'true') return false;
  // It mounts the engine's socket, and is spoken to at a port of this machine.
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
