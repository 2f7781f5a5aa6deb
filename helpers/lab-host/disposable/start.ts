/** Starts the container that a lab host is; see images/lab-host/boot.sh for what it does then. */
import { GenericContainer, Wait, type StartedTestContainer } from 'testcontainers';
import { InfrastructureError, reasonOf } from '../../failure.ts';
import { ownLabels } from '../labels.ts';
import type { ImageSource } from '../lab-host.ts';
import type { AddressPool } from './address-pool.ts';
import { boundsAsEnvironment, type Bounds } from './bounds.ts';
import { engineSettings } from './engine-settings.ts';

const STARTUP_MS = 60_000;

/** What a lab host is started from; see helpers/setup/images.ts. */
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
  from: LabHostImage,
  pool: AddressPool,
  { wayOut, registryMirror, runtime }: LabHostOptions,
  bounds: Bounds,
): Promise<StartedTestContainer> {
  try {
    return await new LabHostContainer(from.image)
      .withRuntime(runtime)
      .withPrivilegedMode()
      .withLabels(ownLabels())
      .withNetworkMode(wayOut ? from.network : 'none')
      .withBindMounts([{ source: from.goldenVolume, target: '/golden', mode: 'ro' }])
      .withEnvironment({
        NETGRADE_POOL: pool.networks,
        NETGRADE_BIP: pool.bridge,
        NETGRADE_WAY_OUT: wayOut ? 'yes' : 'no',
        NETGRADE_SETTINGS: await engineSettings(registryMirror),
        ...boundsAsEnvironment(bounds),
      })
      .withStartupTimeout(STARTUP_MS)
      // Until it runs: what it needs besides is waited for in boot().
      .withWaitStrategy(Wait.forAll([]))
      .start();
  } catch (error) {
    throw new InfrastructureError(`a lab host could not be started: ${reasonOf(error)}`);
  }
}

class LabHostContainer extends GenericContainer {
  withRuntime(runtime: string | undefined): this {
    if (runtime !== undefined) this.hostConfig.Runtime = runtime;
    return this;
  }
}
