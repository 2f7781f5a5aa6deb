/** Lab hosts on an engine that is watched. When the engine is gone, waiting for them ends at once, with an error. */
import { InfrastructureError, reasonOf } from '../../base/failure.ts';
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

  /** @param say Called with a sentence about what stays behind when the engine is gone. */
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
    this.#gone.catch(() => undefined); // no unhandled rejection: orGone throws it to those who wait
  }

  /** If it fails while the engine is away for a moment, it is tried again when the engine is back. */
  async take(live: boolean): Promise<LabHost> {
    for (;;) {
      try {
        return await this.orGone(this.#hosts.take(live));
      } catch (error) {
        const state = await this.#watch.state();
        if (state === 'gone') return await this.#gone;
        if (state === 'there') throw error;
      }
    }
  }

  async gone(): Promise<string | undefined> {
    return (await this.#watch.state()) === 'gone' ? this.#gone.catch(reasonOf) : undefined;
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

  /** Removes the lab hosts. If the engine is gone, that is impossible: then the next run removes them by their label. */
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
