/** Listens in the sandboxes of the stage while probes run, and hands over what was there. */
import type { LabHost } from '../../machine/lab-host/lab-host.ts';
import type { Packet, Witnessed } from '../../machine/probe/protocol.ts';
import { THE_HOST, type ContainerFacts } from '../facts.ts';
import { askIn } from '../sandboxes.ts';
import { usesHostSandbox } from '../subjects.ts';

/** What was there in one sandbox. */
export interface Capture {
  packets: Packet[];
  /** How many packets could not be kept: then one that is not here may have been there. */
  missed: number;
  /** When it was read, by the clock of the packets (milliseconds since 1970). */
  readAt: number;
}

/** Captures by the container's name; the lab host's as `THE_HOST`. A container that has ended has none. */
export type Captures = ReadonlyMap<string, Capture>;

export interface Listening {
  what: Witnessed;
  /** Bytes of each packet that are kept beyond its headers. */
  payload: number;
}

interface Ear {
  /** Those whose sandbox it is; empty for the lab host's. */
  containers: ContainerFacts[];
  witness: number;
}

export class Witness implements AsyncDisposable {
  readonly #host: LabHost;
  readonly #ears: Ear[];
  #ended = false;

  private constructor(host: LabHost, ears: Ear[]) {
    this.#host = host;
    this.#ears = ears;
  }

  /**
   * Begins to listen in the containers' sandboxes and, on a machine that nobody else uses, on the machine itself.
   *
   * @returns undefined when the machine lets nobody listen.
   */
  static async listen(host: LabHost, containers: ContainerFacts[], listening: Listening): Promise<Witness | undefined> {
    const question = { ask: 'witness', ...listening } as const;
    const bySandbox = [
      ...Map.groupBy(
        containers.filter((each) => !usesHostSandbox(each)),
        (each) => each.sandboxOf,
      ),
    ];
    const begin = async (sharing: ContainerFacts[]): Promise<Ear | 'denied' | undefined> => {
      const answer =
        sharing[0] === undefined ? await host.ask('host', question) : await askIn(host, sharing[0], question);
      if (answer === undefined) return undefined;
      return answer.witness === undefined ? 'denied' : { containers: sharing, witness: answer.witness };
    };
    const machine = host.engine.host === 'disposable' ? [begin([])] : [];
    const begun = await Promise.all([...machine, ...bySandbox.map(([, sharing]) => begin(sharing))]);
    const ears = begun.filter((each) => typeof each === 'object');
    const witness = new Witness(host, ears);
    if (!begun.includes('denied')) return witness;
    await witness[Symbol.asyncDispose]();
    return undefined;
  }

  /** What was there since it was read last. */
  read(): Promise<Captures> {
    return this.#read(false);
  }

  /** The same, and it listens no longer. */
  end(): Promise<Captures> {
    this.#ended = true;
    return this.#read(true);
  }

  async #read(last: boolean): Promise<Captures> {
    const captures = new Map<string, Capture>();
    await Promise.all(
      this.#ears.map(async ({ containers, witness }) => {
        const capture = await this.#host.ask('host', { ask: 'witnessed', witness, last });
        if (containers.length === 0) captures.set(THE_HOST, capture);
        for (const { name } of containers) captures.set(name, capture);
      }),
    );
    return captures;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.#ended) await this.end();
  }
}
