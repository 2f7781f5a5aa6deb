/** What the witness heard while something was sent: where each word was, and who spoke to the targets. */
import type { Packet } from '../../machine/probe/protocol.ts';
import type { ContainerFacts } from '../facts.ts';
import { note, type Sightings } from './arrivals.ts';
import type { Witness } from './witness.ts';

export class Hearing {
  readonly seen: Sightings = new Map();
  readonly #witness: Witness;
  readonly #words = new Set<string>();
  readonly #missed = new Map<string, number>();
  #reading: Promise<unknown> = Promise.resolve();

  constructor(witness: Witness) {
    this.#witness = witness;
  }

  /** From now on, these are listened for. */
  expect(words: string[]): void {
    for (const each of words) this.#words.add(each);
  }

  /**
   * Reads what was there since it was read last.
   *
   * @param targets Whose packets are wanted.
   * @returns what came into their sandboxes with a payload, by the container's name.
   */
  async look(targets: ContainerFacts[] = []): Promise<Map<string, Packet[]>> {
    // What is read is gone, so nobody else may read meanwhile.
    const reading = this.#reading.then(() => this.#witness.read());
    this.#reading = reading.catch(() => undefined);
    const captures = await reading;
    note(this.seen, captures, this.#words);
    for (const [name, { missed }] of captures) this.#missed.set(name, this.missed(name) + missed);
    return new Map(
      targets.map(({ name }) => [
        name,
        (captures.get(name)?.packets ?? []).filter(({ out, size }) => !out && size > 0),
      ]),
    );
  }

  /** How many packets in a container's sandbox could not be read. */
  missed(container: string): number {
    return this.#missed.get(container) ?? 0;
  }
}
