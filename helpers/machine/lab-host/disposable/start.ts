/** Starts a lab host's container. What the container then does is in images/lab-host/scripts/boot.sh. */
import type Docker from 'dockerode';
import { InfrastructureError, reasonOf } from '../../../base/failure.ts';
import { log } from '../../../base/log.ts';
import { removeContainer } from '../remove.ts';
import { KEPT } from '../kept.ts';
import { LABEL } from '../labels.ts';
import type { ImageSource } from '../lab-host.ts';
import type { AddressPool } from './address-pool.ts';
import { boundsAsEnvironment, boundsOfAll, type Bounds } from './bounds.ts';
import { OwnContainer, ReadyAfter } from './container.ts';
import { engineSettings } from './engine-settings.ts';
import { Gateway, GATEWAY } from './gateway.ts';

/** What a lab host is started from; see helpers/machine/setup/images.ts. */
export interface LabHostImage {
  image: string;
  /** The volume whose image layers every lab host shares read-only. */
  goldenVolume: string;
  /** A network of the grading machine's engine that has a way out, and on which lab hosts do not reach each other. */
  network: string;
  images: ImageSource;
}

/** What an instructor may choose about lab hosts. */
export interface LabHostOptions {
  /** How it reaches the network outside: through the run's gateway, or, where no submission ever runs, by itself. */
  wayOut: Gateway | 'direct' | 'none';
  /** How the containers of its builds reach it, where the machine itself has no way out. */
  buildsOut?: Gateway;
  /** The mirror that lab hosts' engines ask before Docker Hub. */
  registryMirror?: string;
  /** The container runtime that runs lab hosts, by its name on the grading machine's engine; the engine's default if absent. */
  runtime?: string;
  /** False when a submission may use the course's own images only. */
  foreignImages?: boolean;
  /** Whether a lab host may be kept after its lab is graded. */
  keep?: boolean;
}

/**
 * Starts a lab host and waits until it is up.
 *
 * @param up Waits until the lab host is up; what it returns is returned.
 * @throws {InfrastructureError} when the grading machine's engine does not start it, or what `up` throws. In both cases
 *   the container is removed.
 */
export async function start<T>(
  docker: Docker,
  from: LabHostImage,
  { pool, bounds, options }: { pool: AddressPool; bounds: Bounds; options: LabHostOptions },
  up: (container: Docker.Container) => Promise<T>,
): Promise<T> {
  const ready = new ReadyAfter(up);
  const container = new OwnContainer(from.image)
    .withEnvironment({
      NETGRADE_POOL: pool.networks,
      NETGRADE_BIP: pool.bridge,
      NETGRADE_WAY_OUT: options.wayOut === 'none' ? 'no' : 'yes',
      NETGRADE_SETTINGS: await engineSettings(options.registryMirror),
      ...boundsAsEnvironment(bounds),
    })
    .withBounds(boundsOfAll(bounds))
    .withNetworkMode(options.wayOut === 'direct' ? from.network : 'none')
    .withBindMounts([{ source: from.goldenVolume, target: '/golden', mode: 'ro' }])
    .withWaitStrategy(ready);
  // With these, neither our next run nor testcontainers' own reaper removes it.
  if (options.keep === true) container.withLabels({ [LABEL]: KEPT }).withAutoCleanup(false);
  if (options.wayOut instanceof Gateway) container.withNameserver(GATEWAY);
  if (options.runtime !== undefined) container.withRuntime(options.runtime);
  try {
    await container.start();
  } catch (error) {
    // testcontainers removes a container that does not become ready, but not one that does not start.
    if (container.id !== undefined)
      await removeContainer(docker.getContainer(container.id)).catch((why: unknown) => {
        log('run', `a lab host could not be removed after a start that failed: ${reasonOf(why)}`); // why it failed says more
      });
    if (error instanceof InfrastructureError) throw error;
    throw new InfrastructureError(`a lab host could not be started: ${reasonOf(error)}`);
  }
  return ready.result;
}
