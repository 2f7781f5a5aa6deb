/** A supply for one lab whose hosts are kept (`--keep`). It passes on lab hosts of another supply, but does not give them back. */
import { randomBytes } from 'node:crypto';
import { keptName, type Kept } from '../machine/lab-host/kept.ts';
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import type { LabHostSupply } from '../machine/lab-host/supply.ts';

export class HostsToKeep implements LabHostSupply {
  readonly kind;
  readonly tries;
  readonly removals;
  readonly porter;
  readonly #hosts: LabHostSupply;
  readonly #student: string;
  readonly #lab: string;
  readonly #keeping: Promise<Kept | undefined>[] = [];

  constructor(hosts: LabHostSupply, { student, lab }: { student: string; lab: string }) {
    this.kind = hosts.kind;
    this.tries = hosts.tries;
    this.removals = hosts.removals;
    this.porter = hosts.porter;
    this.#hosts = hosts;
    this.#student = student;
    this.#lab = lab;
  }

  take(live: boolean): Promise<LabHost> {
    return this.#hosts.take(live);
  }

  orGone<T>(work: Promise<T>): Promise<T> {
    return this.#hosts.orGone?.(work) ?? work;
  }

  async gone(): Promise<string | undefined> {
    return this.#hosts.gone?.();
  }

  release(host: LabHost): void {
    const name = keptName(this.#student, this.#lab, randomBytes(3).toString('hex'));
    if (this.#hosts.keep === undefined) this.#hosts.release(host);
    else this.#keeping.push(this.#hosts.keep(host, name));
  }

  /** Waits until all are kept. @returns the lab hosts that were kept; one that could not be kept is removed. */
  async kept(): Promise<Kept[]> {
    return (await Promise.all(this.#keeping)).filter((each) => each !== undefined);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#hosts[Symbol.asyncDispose]();
  }
}
