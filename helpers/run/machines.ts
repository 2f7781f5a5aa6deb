/** The lab hosts of one lab's grading. They are taken before it is deployed, and given back when it has been surveyed. */
import { randomBytes } from 'node:crypto';
import type { ImageShelf, Provided } from '../machine/lab-host/image-shelf.ts';
import type { EngineFacts, LabHost } from '../machine/lab-host/lab-host.ts';
import type { LabHostSupply } from '../machine/lab-host/supply.ts';
import { provideImages } from './downloads.ts';
import type { LabTask } from './lab-task.ts';

export class Machines implements Disposable {
  readonly hosts: LabHost[] = [];
  readonly #supply: LabHostSupply;
  #engine: EngineFacts | undefined;
  #isReleased = false;

  constructor(supply: LabHostSupply) {
    this.#supply = supply;
  }

  /** Their engine; empty when no machine was needed, or none came up. */
  get engine(): { engine?: EngineFacts } {
    return this.#engine === undefined ? {} : { engine: this.#engine };
  }

  /** @param live Whether the submission already runs there, so that nothing is deployed. */
  async take(count: number, live: boolean): Promise<void> {
    while (this.hosts.length < count) this.hosts.push(await this.#supply.take(live));
    this.#engine = this.hosts[0]?.engine;
  }

  /** Brings the images that the submission names. Then the policy begins to apply to its requests to the engine. */
  async getReady(shelf: ImageShelf, { lab, submission, deployment }: LabTask): Promise<Provided> {
    const provided = await this.orGone(provideImages(shelf, this.hosts, deployment, submission));
    const tokenSecret = randomBytes(32).toString('hex');
    for (const { policy } of this.hosts) await policy?.begin(lab.policy ?? {}, tokenSecret);
    return provided;
  }

  /** @returns what the work returns, or throws as soon as a machine is gone. */
  orGone<T>(work: Promise<T>): Promise<T> {
    return this.#supply.orGone?.(work) ?? work;
  }

  /** Why a machine can no longer be used; undefined while all can. */
  lost(): string | undefined {
    return this.hosts.map((host) => host.lost?.()).find((why) => why !== undefined);
  }

  /** Gives the machines back. Their removal goes on in the background. */
  release(): void {
    if (this.#isReleased) return;
    this.#isReleased = true;
    for (const host of this.hosts) this.#supply.release(host);
  }

  [Symbol.dispose](): void {
    this.release();
  }
}
