/** One machine in use as the supply of lab hosts. It is taken by one lab at a time; what a lab made is removed before the next. */
import { InfrastructureError, UsageError } from '../../../base/failure.ts';
import type { HostKind, LabHost } from '../lab-host.ts';
import type { LabHostSupply } from '../supply.ts';

/** How often opening the machine is tried, because a connection may drop at any moment. */
const OPENINGS = 3;

export class OneHost implements LabHostSupply {
  readonly kind: HostKind;
  readonly engine: string;
  readonly tries: number;
  readonly removals: number[] = [];
  readonly #open: (live: boolean) => Promise<LabHost>;
  readonly #afterLoss: (() => Promise<void>) | undefined;
  /** Whether the machine was out of reach when it was last given back. */
  #isLost = false;
  #taken: LabHost | undefined;
  #ending = Promise.resolve();
  #ended = false;

  /** @param machine.afterLoss Called in the end if the machine was out of reach when it was last given back. */
  constructor(machine: {
    kind: HostKind;
    engine: string;
    tries: number;
    open: (live: boolean) => Promise<LabHost>;
    afterLoss?: () => Promise<void>;
  }) {
    this.kind = machine.kind;
    this.engine = machine.engine;
    this.tries = machine.tries;
    this.#open = machine.open;
    this.#afterLoss = machine.afterLoss;
  }

  /** Waits first until what the last lab made is removed. */
  async take(live: boolean): Promise<LabHost> {
    await this.#ending;
    for (let opening = 1; ; opening++) {
      if (this.#ended) throw new InfrastructureError('the run was ended');
      try {
        this.#taken = await this.#open(live);
        return this.#taken;
      } catch (error) {
        if (error instanceof UsageError || opening >= OPENINGS) throw error;
      }
    }
  }

  release(host: LabHost): void {
    this.#taken = undefined;
    this.#ending = this.#ending.then(() => this.#remove(host)).catch(() => undefined); // it has said itself what is left
  }

  async #remove(host: LabHost): Promise<void> {
    const started = performance.now();
    try {
      await host[Symbol.asyncDispose]();
    } finally {
      this.#isLost = host.lost?.() !== undefined; // also if it was lost while it was given back
    }
    this.removals.push(Math.round(performance.now() - started));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#ended = true;
    if (this.#taken !== undefined) this.release(this.#taken);
    await this.#ending;
    if (this.#isLost) await this.#afterLoss?.();
  }
}
