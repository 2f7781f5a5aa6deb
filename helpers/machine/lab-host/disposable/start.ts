/** Starts the container that a lab host is; see images/lab-host/boot.sh for what it does then. */
import type Docker from 'dockerode';
import { InfrastructureError, reasonOf } from '../../../base/failure.ts';
import { removeContainer } from '../remove.ts';
import { KEPT } from '../kept.ts';
import { LABEL } from '../labels.ts';
import type { ImageSource } from '../lab-host.ts';
import type { AddressPool } from './address-pool.ts';
import { boundsAsEnvironment, type Bounds } from './bounds.ts';
import { OwnContainer, ReadyAfter } from './container.ts';
import { engineSettings } from './engine-settings.ts';

/** What a lab host is started from; see helpers/machine/setup/images.ts. */
export interface LabHostImage {
  image: string;
  /** The volume whose image layers every lab host shares read-only. */
  goldenVolume: string;
  /** A network with a way out, on which they do not reach each other. */
  network: string;
  images: ImageSource;
}

/** What an instructor may choose about lab hosts. */
export interface LabHostOptions {
  /** Whether what submissions start gets out to the network. */
  wayOut: boolean;
  /** What their engines ask before Docker Hub. */
  registryMirror?: string;
  /** The container runtime of the grading machine's engine that runs lab hosts; its default one if nothing is said. */
  runtime?: string;
  /** False when a submission may use the course's own images only. */
  foreignImages?: boolean;
  /** Whether they may stay when their lab is graded. */
  keep?: boolean;
}

/**
 * Starts a lab host and waits until it is up.
 *
 * @param up Waits for it, and comes to whatever the caller needs of it then.
 * @throws {InfrastructureError} when the grading machine's engine does not start it, or what `up` throws; nothing is left
 *   behind then.
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
      NETGRADE_WAY_OUT: options.wayOut ? 'yes' : 'no',
      NETGRADE_SETTINGS: await engineSettings(options.registryMirror),
      ...boundsAsEnvironment(bounds),
    })
    .withNetworkMode(options.wayOut ? from.network : 'none')
    .withBindMounts([{ source: from.goldenVolume, target: '/golden', mode: 'ro' }])
    .withWaitStrategy(ready);
  // Neither our next run nor testcontainers' own reaper removes it.
  if (options.keep === true) container.withLabels({ [LABEL]: KEPT }).withAutoCleanup(false);
  if (options.runtime !== undefined) container.withRuntime(options.runtime);
  try {
    await container.start();
  } catch (error) {
    // testcontainers removes one that is not ready, but none that does not start.
    if (container.id !== undefined) await removeContainer(docker.getContainer(container.id));
    if (error instanceof InfrastructureError) throw error;
    throw new InfrastructureError(`a lab host could not be started: ${reasonOf(error)}`);
  }
  return ready.result;
}
