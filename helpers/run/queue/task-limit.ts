/** Limits how many tasks run at a time, and how many bytes they take together. First come, first served. */

export interface Bounds {
  places: number;
  bytes: number;
}

interface Guest {
  bytes: number;
  enter: () => void;
}

export class TaskLimit {
  readonly #bounds: Bounds;
  readonly #waiting: Guest[] = [];
  #places = 0;
  #bytes = 0;

  constructor(bounds: Bounds) {
    this.#bounds = { ...bounds };
  }

  /** The number of tasks that may run; those that run already go on. */
  set places(places: number) {
    this.#bounds.places = places;
    this.#admit();
  }

  /**
   * Runs `work` when there is room.
   *
   * @param bytes What it takes while it runs; if that is more than the whole room, it takes the whole room.
   */
  async through<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    const guest = { bytes: Math.min(bytes, this.#bounds.bytes) };
    await new Promise<void>((enter) => {
      this.#waiting.push({ ...guest, enter });
      this.#admit();
    });
    try {
      return await work();
    } finally {
      this.#places--;
      this.#bytes -= guest.bytes;
      this.#admit();
    }
  }

  #admit(): void {
    for (let next = this.#waiting[0]; next !== undefined && this.#fits(next); next = this.#waiting[0]) {
      this.#waiting.shift();
      this.#places++;
      this.#bytes += next.bytes;
      next.enter();
    }
  }

  #fits({ bytes }: Guest): boolean {
    return this.#places < this.#bounds.places && this.#bytes + bytes <= this.#bounds.bytes;
  }
}
