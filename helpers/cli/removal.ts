/** Removes a run's lab hosts, exactly once: when everything is graded, or on Ctrl-C, whichever comes first. */
export class Removal implements AsyncDisposable {
  readonly #made: AsyncDisposable;
  #ended: Promise<void> | undefined;

  constructor(made: AsyncDisposable) {
    this.#made = made;
  }

  /** Starts the removal once; later callers share the promise. @throws what the removal threw. */
  begin(): Promise<void> {
    if (this.#ended !== undefined) return this.#ended;
    this.#ended = Promise.resolve(this.#made[Symbol.asyncDispose]());
    this.#ended.catch(() => undefined); // no unhandled rejection: a later caller awaits it and sees the error
    return this.#ended;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.begin();
  }
}
