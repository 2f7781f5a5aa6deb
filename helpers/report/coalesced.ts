/** Work that always covers everything there is, such as writing a class's files: whoever asks while it is under way is served by one more. */

/**
 * Runs `work` at most once at a time, and at most once more for all who ask meanwhile. So n requests in a row cost as
 * much as there is time for, and never n times a growing amount.
 */
export class Coalesced {
  readonly #work: () => Promise<void>;
  #underWay: Promise<void> | undefined;
  #next: Promise<void> | undefined;

  constructor(work: () => Promise<void>) {
    this.#work = work;
  }

  /**
   * @returns when a run of the work that began after this call has ended: it has seen what there was to see then.
   * @throws what that run has thrown.
   */
  ask(): Promise<void> {
    // First: between two runs none is under way, but the next one is on its way.
    if (this.#next !== undefined) return this.#next;
    if (this.#underWay === undefined) return this.#begin();
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
