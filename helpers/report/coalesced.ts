/** Runs work that covers everything there is (e.g. writing a class's files) no more often than needed. */

/**
 * Runs `work` at most once at a time. All requests that come while it runs share one further run. So the cost of many
 * requests in a row is bounded by time, not by their number.
 */
export class Coalesced {
  readonly #work: () => Promise<void>;
  #underWay: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  /**
   * @returns when a run that began after this call has ended. That run has seen everything that was there at the call.
   * @throws whatever that run threw.
   */
  ask(): Promise<void> {
    // This comes first: between two runs, none is under way, but the next one is already promised.
    if (this.#next !== undefined) return this.#next;
    if (this.#underWay === undefined) return this.#begin();
    // Whoever asked for the run that is under way sees its error.
    this.#next = this.#underWay.catch(() => undefined).then(() => this.#begin());
    return this.#next;
  }

  #begin(): Promise<void> {
    this.#next = undefined;
    const run: Promise<void> = this.#work().finally(() => {
      if (this.#underWay === run) this.#underWay = undefined;
    });
    this.#underWay = run;
    return run;
  }
}
