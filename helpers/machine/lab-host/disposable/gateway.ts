/**
 * The way out of a run's lab hosts, for `--egress`: a gateway in a container of its own, and a wire from each lab host to it.
 * What it lets out and how is in gateway.sh. It is outside of the lab hosts, because a submission arranges their firewalls.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { InfrastructureError, reasonOf } from '../../../base/failure.ts';
import { feed } from '../exec-stream.ts';
import { removeContainer } from '../remove.ts';
import { OwnContainer, ReadyAfter } from './container.ts';
import { ownNetworks } from './own-networks.ts';
import type { LabHostImage } from './start.ts';

const SCRIPT = path.join(import.meta.dirname, 'gateway.sh');
/** Where lab hosts that have a wire find a nameserver; see gateway.sh. */
export const GATEWAY = '198.18.0.1';
/** Each wire of a run has an address of its own. A worker may need more in its life than there are: it begins again. */
const MOST_WIRES = 65_000;

export class Gateway implements AsyncDisposable {
  readonly #docker: Docker;
  readonly #from: LabHostImage;
  #container: Promise<Docker.Container> | undefined;
  #wires = 0;

  /** @param docker The grading machine's engine. */
  constructor(docker: Docker, from: LabHostImage) {
    this.#docker = docker;
    this.#from = from;
  }

  /**
   * Starts the gateway, if it is not started yet.
   *
   * @throws {InfrastructureError} when it does not come up; then it is removed, and the next call tries again.
   */
  async open(): Promise<Docker.Container> {
    const container = (this.#container ??= start(this.#docker, this.#from));
    try {
      return await container;
    } catch (error) {
      if (this.#container === container) this.#container = undefined;
      throw new InfrastructureError(`the way out of the lab hosts could not be opened: ${reasonOf(error)}`);
    }
  }

  /**
   * Gives a lab host's container a wire to the gateway. It ends with the container.
   *
   * @param build The process of a build's container on this lab host, as the lab host counts: the wire is this container's alone.
   * @throws {InfrastructureError}
   */
  async connect(labHost: Docker.Container, build?: number): Promise<void> {
    const [gateway, { State }] = await Promise.all([this.open(), labHost.inspect()]);
    const number = (this.#wires++ % MOST_WIRES) + 1;
    await tell(gateway, 'wire', String(State.Pid), String(number), ...(build === undefined ? [] : [String(build)]));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const container = await this.#container?.catch(() => undefined); // one that did not come up is removed already
    if (container !== undefined) await removeContainer(container);
  }
}

async function start(docker: Docker, { image, network }: LabHostImage): Promise<Docker.Container> {
  const networks = ownNetworks(docker, image);
  networks.catch(() => undefined); // awaited when the container is up
  const ready = new ReadyAfter(async (container) => {
    await tell(container, 'open', ...(await networks));
    return container;
  });
  const container = new OwnContainer(image)
    .withEntrypoint(['sleep'])
    .withCommand(['infinity'])
    .withHostProcesses()
    .withNetworkMode(network)
    .withWaitStrategy(ready);
  try {
    await container.start();
  } catch (error) {
    // One that does not start is still there. If it cannot be removed, the next run does it by its label.
    if (container.id !== undefined) await removeContainer(docker.getContainer(container.id)).catch(() => undefined);
    throw error;
  }
  return ready.result;
}

/** Runs gateway.sh in the gateway. */
async function tell(gateway: Docker.Container, ...words: string[]): Promise<void> {
  const script = await readFile(SCRIPT);
  const { exitCode, output } = await feed(gateway, ['bash', '-s', ...words], Readable.from([script]));
  if (exitCode !== 0) throw new InfrastructureError(`its gateway said: ${output.trim()}`);
}
