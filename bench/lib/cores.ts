/** A core of its own for each worker and its lab hosts: as if each were a machine with one core. */
import type Docker from 'dockerode';
import { onContainerEvents, ownerOf } from './container-events.ts';

/** A command on one core; taskset(1) becomes the command, so that its process id is the command's. */
export function onCore(core: number, argv: string[]): string[] {
  return ['taskset', '--cpu-list', String(core), ...argv];
}

export class Cores implements AsyncDisposable {
  /** By the process id of whoever starts lab hosts. */
  readonly #coreOf = new Map<number, number>();
  readonly #bindings: Promise<unknown>[] = [];
  #events: Disposable | undefined;

  private constructor() {}

  static async open(docker: Docker): Promise<Cores> {
    const cores = new Cores();
    cores.#events = await onContainerEvents(docker, (event) => {
      const core = event.Action === 'create' ? cores.#coreOf.get(ownerOf(event)) : undefined;
      // At once: what a lab host starts itself later may use no more than it does then.
      if (core !== undefined)
        cores.#bindings.push(docker.getContainer(event.Actor.ID).update({ CpusetCpus: String(core) }));
    });
    return cores;
  }

  /** From now on this process's lab hosts have this core and no other. */
  bind(pid: number, core: number): void {
    this.#coreOf.set(pid, core);
  }

  /** @throws when a lab host had more than its core: the figures say nothing then. */
  async settled(): Promise<void> {
    await Promise.all(this.#bindings.splice(0));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#events?.[Symbol.dispose]();
    await Promise.allSettled(this.#bindings);
  }
}
