/** Lab hosts on an engine that is watched: when it is gone, nobody waits for them any more, and no more are asked for. */
import { InfrastructureError } from '../../base/failure.ts';
import type { EngineWatch } from './engine-watch.ts';
import type { Kept } from './kept.ts';
import type { LabHost } from './lab-host.ts';
import type { LabHostSupply } from './supply.ts';

export class WatchedHosts implements LabHostSupply {
  readonly kind;
  readonly tries;
  readonly removals;
  readonly porter;
  readonly #hosts: LabHostSupply;
  readonly #watch: EngineWatch;
  readonly #gone: Promise<never>;
  readonly #say: (text: string) => void;

  /** @param say Told what stays behind when the engine is gone. */
  constructor(hosts: LabHostSupply, watch: EngineWatch, say: (text: string) => void) {
    this.kind = hosts.kind;
    this.tries = hosts.tries;
    this.removals = hosts.removals;
    this.porter = hosts.porter;
    this.#hosts = hosts;
    this.#watch = watch;
    this.#say = say;
    this.#gone = watch.gone.then((why) => {
      throw new InfrastructureError(`the Docker Engine of this machine does not answer any more (${why})`);
    });
    this.#gone.catch(() => undefined); // it is theirs who wait for something
  }

  take(live: boolean): Promise<LabHost> {
    return this.orGone(this.#hosts.take(live));
  }

  orGone<T>(work: Promise<T>): Promise<T> {
    return Promise.race([this.#gone, work]);
  }

  release(host: LabHost): void {
    this.#hosts.release(host);
  }

  async keep(host: LabHost, name: string): Promise<Kept | undefined> {
    return this.#hosts.keep?.(host, name);
  }

  /** What is on an engine that is gone cannot be removed: the next run does, by its label. */
  async [Symbol.asyncDispose](): Promise<void> {
    try {
      const removed = Promise.resolve(this.#hosts[Symbol.asyncDispose]()).then(() => undefined);
      const why = await Promise.race([removed, this.#watch.gone]);
      if (why !== undefined)
        this.#say(`the Docker Engine does not answer (${why}): the next run removes what this one has left there`);
    } finally {
      this.#watch[Symbol.dispose]();
    }
  }
}
