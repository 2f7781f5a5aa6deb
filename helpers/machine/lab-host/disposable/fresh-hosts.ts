/** Fresh machines as the supply of lab hosts: the next one boots while the last is in use. */
import { InfrastructureError, reasonOf } from '../../../base/failure.ts';
import type { Kept } from '../kept.ts';
import type { LabHost } from '../lab-host.ts';
import type { Boots } from './boots.ts';
import type { LabHostSupply } from '../supply.ts';

/** Released lab hosts are removed in the background; only the end of this supply waits for that. */
export class FreshHosts implements LabHostSupply {
  readonly kind = 'disposable';
  readonly tries = 1;
  readonly removals: number[] = [];
  readonly porter: () => Promise<LabHost>;
  readonly #boots: Boots;
  readonly #live = new Set<Promise<LabHost>>();
  readonly #kept = new Set<LabHost>();
  readonly #ending = new Set<Promise<void>>();
  readonly #background: Promise<void>;
  readonly #say: (text: string) => void;
  #ahead: Promise<LabHost> | undefined;
  #needed: number;
  #ended = false;

  /**
   * @param needed How many will be taken in all; the first boots at once.
   * @param background Work that goes on beside the lab hosts. It begins when the first has been asked for, and only the end
   *   of this supply waits for it.
   * @param say Called with a sentence about each lab host that could not be kept or removed.
   */
  constructor(
    boots: Boots,
    needed: number,
    background: () => Promise<void>,
    say: (text: string) => void = () => undefined,
  ) {
    this.#boots = boots;
    this.porter = boots.porter;
    this.#needed = needed;
    this.#say = say;
    this.#bootAhead();
    this.#background = background();
  }

  /** Refused once the run is being ended: a lab host that boots then would be left behind. */
  async take(): Promise<LabHost> {
    if (this.#ended) throw new InfrastructureError('the run was ended');
    const host = this.#ahead ?? this.#start();
    this.#ahead = undefined;
    this.#bootAhead();
    return host;
  }

  release(host: LabHost): void {
    const ending = this.#remove(host).finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
    for (const each of this.#live)
      each.then(
        (live) => live === host && this.#live.delete(each),
        () => undefined, // one that did not boot: whoever takes it sees the error
      );
  }

  async keep(host: LabHost, name: string): Promise<Kept | undefined> {
    try {
      const kept = await host.keep?.(name);
      if (kept !== undefined) this.#kept.add(host);
      return kept;
    } catch (error) {
      this.#say(`a lab host could not be kept (${reasonOf(error)}), so it is removed`);
      this.release(host);
      return undefined;
    }
  }

  async #remove(host: LabHost): Promise<void> {
    const started = performance.now();
    try {
      await host[Symbol.asyncDispose]();
      this.removals.push(Math.round(performance.now() - started));
    } catch (error) {
      this.#say(`a lab host could not be removed (${reasonOf(error)}); the next run removes it by its label`);
    }
  }

  /** Ends every lab host, taken or not, except for those that were kept. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#needed = 0;
    this.#ended = true;
    const hosts = await Promise.allSettled(this.#live);
    for (const host of hosts) if (host.status === 'fulfilled' && !this.#kept.has(host.value)) this.release(host.value);
    await Promise.all([...this.#ending, this.#background]);
    await this.#boots[Symbol.asyncDispose]();
  }

  #bootAhead(): void {
    if (this.#needed > 0) this.#ahead = this.#start();
  }

  #start(): Promise<LabHost> {
    this.#needed--;
    const host = this.#boots.labHost();
    this.#live.add(host);
    host.catch(() => this.#live.delete(host)); // take() returns this promise, so its caller sees the error
    return host;
  }
}
