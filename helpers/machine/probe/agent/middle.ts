/** Keeps a command's output short, however long it is. */

/** Keeps the beginning and the end of a text, each at most half of the limit. */
export class Middle {
  readonly #half: number;
  #head = '';
  #tail = '';
  #dropped = 0;

  constructor(limit: number) {
    this.#half = Math.floor(limit / 2);
  }

  add(text: string): void {
    const room = this.#half - this.#head.length;
    this.#head += text.slice(0, room);
    this.#tail += text.slice(Math.max(room, 0));
    // Cut once it is twice as long as it may be, so that each character is moved once, and not with every small piece.
    if (this.#tail.length > 2 * this.#half) this.#cut();
  }

  #cut(): void {
    this.#dropped += Math.max(this.#tail.length - this.#half, 0);
    this.#tail = this.#half === 0 ? '' : this.#tail.slice(-this.#half);
  }

  text(): string {
    this.#cut();
    return this.#dropped === 0
      ? this.#head + this.#tail
      : `${this.#head}\n[… ${this.#dropped} characters …]\n${this.#tail}`;
  }
}
