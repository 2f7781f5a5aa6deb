/** Lab hosts for a run: the next one boots while the last is in use, and nobody waits for one to be destroyed. */
import { InfrastructureError } from '../failure.ts';
import type { LabHost } from '../lab-host/lab-host.ts';

export class LabHostSupply implements AsyncDisposable {
  readonly #boot: () => Promise<LabHost>;
  readonly #live = new Set<Promise<LabHost>>();
  readonly #ending = new Set<Promise<void>>();
  #ahead: Promise<LabHost> | undefined;
  #needed: number;
  #ended = false;

  /** @param needed How many will be taken in all; the first boots at once. */
  constructor(boot: () => Promise<LabHost>, needed: number) {
    this.#boot = boot;
    this.#needed = needed;
    this.#bootAhead();
  }

  /** @throws {InfrastructureError} when the run is being ended: a lab host booted now would be left behind. */
  async take(): Promise<LabHost> {
    if (this.#ended) throw new InfrastructureError('the run was ended');
    const host = this.#ahead ?? this.#start();
    this.#ahead = undefined;
    this.#bootAhead();
    return host;
  }

  /** Destroys a lab host in the background. */
  release(host: LabHost): void {
    const ending = Promise.resolve(host[Symbol.asyncDispose]())
      .catch(() => undefined) // The next run removes it by its label.
      .finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
    for (const each of this.#live) void each.then((live) => live === host && this.#live.delete(each));
  }

  /** Ends every lab host, taken or not. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#needed = 0;
    this.#ended = true;
    const hosts = await Promise.allSettled(this.#live);
    for (const host of hosts) if (host.status === 'fulfilled') this.release(host.value);
    await Promise.all(this.#ending);
  }

  #bootAhead(): void {
    if (this.#needed > 0) this.#ahead = this.#start();
  }

  #start(): Promise<LabHost> {
    this.#needed--;
    const host = this.#boot();
    this.#live.add(host);
    host.catch(() => this.#live.delete(host)); // Whoever takes it sees the error.
    return host;
  }
}
