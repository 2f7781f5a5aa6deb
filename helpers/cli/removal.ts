/** Removes what a run has made, once, whoever asks first: the run when all is graded, or Ctrl-C. */
export class Removal implements AsyncDisposable {
  readonly #made: AsyncDisposable;
  #ended: Promise<void> | undefined;

  constructor(made: AsyncDisposable) {
    this.#made = made;
  }

  /** Begins with it, if nobody has; whoever waits for the end sees what went wrong. */
  begin(): Promise<void> {
    if (this.#ended !== undefined) return this.#ended;
    this.#ended = Promise.resolve(this.#made[Symbol.asyncDispose]());
    this.#ended.catch(() => undefined); // it is somebody's who waits for it, later
    return this.#ended;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.begin();
  }
}
