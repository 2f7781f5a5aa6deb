/** What the witness heard while something was sent: where each word was, and who spoke to the targets. */
import type { Packet } from '../../machine/probe/protocol.ts';
import type { ContainerFacts } from '../facts.ts';
import { note, type Sightings } from './arrivals.ts';
import type { Witness } from './witness.ts';

/** So many paths of requests are remembered. */
const MOST_PATHS = 6;
const REQUEST = /^(?:GET|POST|PUT|HEAD) (\/[^ ?]*)\S* HTTP\/1/;

export class Hearing {
  readonly seen: Sightings = new Map();
  readonly #witness: Witness;
  readonly #words = new Set<string>();
  readonly #missed = new Map<string, number>();
  readonly #spoken = new Map<string, Packet[]>();
  readonly #paths = new Map<string, Set<string>>();
  #reading: Promise<unknown> = Promise.resolve();

  constructor(witness: Witness) {
    this.#witness = witness;
  }

  /** From now on, these are listened for. */
  expect(words: string[]): void {
    for (const each of words) this.#words.add(each);
  }

  /** Reads what was there since it was read last. @param targets Who speaks to them is remembered until the next time. */
  async look(targets: ContainerFacts[] = []): Promise<void> {
    // What is read is gone, so nobody else may read meanwhile.
    const reading = this.#reading.then(() => this.#witness.read());
    this.#reading = reading.catch(() => undefined);
    const captures = await reading;
    note(this.seen, captures, this.#words);
    for (const [name, { missed, packets }] of captures) {
      this.#missed.set(name, this.missed(name) + missed);
      for (const { out, payload = '' } of packets) {
        const [, path] = (out ? null : REQUEST.exec(Buffer.from(payload, 'base64').toString('latin1'))) ?? [];
        if (path !== undefined) this.#paths.set(name, (this.#paths.get(name) ?? new Set()).add(path));
      }
    }
    for (const { name } of targets) {
      const into = (captures.get(name)?.packets ?? []).filter(({ out, size }) => !out && size > 0);
      this.#spoken.set(name, into);
    }
  }

  /** What came into a target's sandbox with a payload, when it was looked last. */
  spokenTo(target: string): Packet[] {
    return this.#spoken.get(target) ?? [];
  }

  /** The paths of HTTP requests that came into a container's sandbox, without our own. */
  pathsAsked(container: string): string[] {
    const isOurs = (path: string): boolean => path.split('/').some((part) => this.#words.has(part));
    return [...(this.#paths.get(container) ?? [])].filter((path) => !isOurs(path)).slice(0, MOST_PATHS);
  }

  /** How many packets in a container's sandbox could not be read. */
  missed(container: string): number {
    return this.#missed.get(container) ?? 0;
  }
}
