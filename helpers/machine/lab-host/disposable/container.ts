/** A container of ours on the grading machine's engine, started and waited for through testcontainers. */
import type Docker from 'dockerode';
import { GenericContainer, PullPolicy, StartupCheckStrategy, type StartedTestContainer } from 'testcontainers';
import { findEngineAddress } from '../engine-address.ts';
import { ownLabels } from '../labels.ts';
import { openRuntime } from './runtime.ts';

/** Privileged, because it has an engine inside; from an image that was made here; with our labels. */
export class OwnContainer extends GenericContainer {
  #id: string | undefined;

  constructor(image: string) {
    super(image);
    this.withPullPolicy(PullPolicy.neverPull()).withPrivilegedMode().withLabels(ownLabels());
  }

  /** Of the container, as soon as there is one: when it does not start, somebody has to remove it. */
  get id(): string | undefined {
    return this.#id;
  }

  /** @param runtime What runs it, of the container runtimes that the engine knows. */
  withRuntime(runtime: string): this {
    this.hostConfig.Runtime = runtime; // testcontainers has no method for it
    return this;
  }

  override async start(): Promise<StartedTestContainer> {
    await openRuntime(await findEngineAddress());
    return super.start();
  }

  protected override containerCreated(id: string): Promise<void> {
    this.#id = id;
    return Promise.resolve();
  }
}

/**
 * Ready when `look` returns; not ready, and removed, when it throws.
 *
 * `look` waits by itself and has a deadline of its own: testcontainers would look once a second.
 */
export class ReadyAfter<T> extends StartupCheckStrategy {
  readonly #look: (container: Docker.Container) => Promise<T>;
  #result: Promise<T> | undefined;

  constructor(look: (container: Docker.Container) => Promise<T>) {
    super();
    this.#look = look;
  }

  override async checkStartupState(docker: Docker, id: string): Promise<'SUCCESS'> {
    await (this.#result = this.#look(docker.getContainer(id)));
    return 'SUCCESS';
  }

  /** What `look` returned. */
  get result(): Promise<T> {
    return this.#result ?? Promise.reject(new Error('nobody has waited for the container'));
  }
}
