/** A container of ours on the grading machine's engine, started and waited for through testcontainers. */
import type Docker from 'dockerode';
import { GenericContainer, PullPolicy, StartupCheckStrategy, type StartedTestContainer } from 'testcontainers';
import { findEngineAddress } from '../engine-address.ts';
import { ownLabels } from '../labels.ts';
import { openRuntime } from './runtime.ts';

/** It is privileged, because an engine runs inside. Its image was made on this machine, so it is never pulled. */
export class OwnContainer extends GenericContainer {
  #id: string | undefined;

  constructor(image: string) {
    super(image);
    this.withPullPolicy(PullPolicy.neverPull()).withPrivilegedMode().withLabels(ownLabels());
  }

  /** The container's id, known as soon as it is created. If it then does not start, the caller removes it by this id. */
  get id(): string | undefined {
    return this.#id;
  }

  /** @param runtime The name of a container runtime that the engine knows. */
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
 * Takes a container as ready when `look` returns. When `look` throws, testcontainers removes the container.
 *
 * `look` does its own waiting, with its own deadline, because testcontainers would look only once a second.
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
