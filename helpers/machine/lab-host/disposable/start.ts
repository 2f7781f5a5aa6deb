/** Starts the container that a lab host is; see images/lab-host/boot.sh for what it does then. */
import type Docker from 'dockerode';
import { InfrastructureError, reasonOf } from '../../../base/failure.ts';
import { ownLabels } from '../labels.ts';
import type { ImageSource } from '../lab-host.ts';
import type { AddressPool } from './address-pool.ts';
import { boundsAsEnvironment, type Bounds } from './bounds.ts';
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
}

/** @throws {InfrastructureError} when the grading machine's engine does not start it. */
export async function start(
  docker: Docker,
  from: LabHostImage,
  pool: AddressPool,
  { wayOut, registryMirror, runtime }: LabHostOptions,
  bounds: Bounds,
): Promise<Docker.Container> {
  const environment = {
    NETGRADE_POOL: pool.networks,
    NETGRADE_BIP: pool.bridge,
    NETGRADE_WAY_OUT: wayOut ? 'yes' : 'no',
    NETGRADE_SETTINGS: await engineSettings(registryMirror),
    ...boundsAsEnvironment(bounds),
  };
  let container: Docker.Container | undefined;
  try {
    container = await docker.createContainer({
      Image: from.image,
      Labels: ownLabels(),
      Env: Object.entries(environment).map(([name, value]) => `${name}=${value}`),
      HostConfig: {
        Privileged: true,
        NetworkMode: wayOut ? from.network : 'none',
        Binds: [`${from.goldenVolume}:/golden:ro`],
        ...(runtime !== undefined && { Runtime: runtime }),
      },
    });
    await container.start();
    return container;
  } catch (error) {
    // If it cannot be removed either, the next run does that, by its labels.
    await container?.remove({ force: true, v: true }).catch(() => undefined);
    throw new InfrastructureError(`a lab host could not be started: ${reasonOf(error)}`);
  }
}
