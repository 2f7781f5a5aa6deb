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
    const tail = this.#tail + text.slice(Math.max(room, 0));
    this.#dropped += Math.max(tail.length - this.#half, 0);
    this.#tail = tail.slice(-this.#half);
  }

  text(): string {
    return this.#dropped === 0
      ? this.#head + this.#tail
      : `${this.#head}\n[… ${this.#dropped} characters …]\n${this.#tail}`;
  }
}
