/** A container of ours on the grading machine's engine, started and waited for through testcontainers. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type Docker from 'dockerode';
import { GenericContainer, PullPolicy, StartupCheckStrategy, type StartedTestContainer } from 'testcontainers';
import { findEngineAddress } from '../engine-address.ts';
import { ownLabels } from '../labels.ts';
import { openRuntime } from './runtime.ts';

/** The system calls that are not there on lab hosts. */
const SECCOMP = path.resolve(import.meta.dirname, '../../../../images/lab-host/seccomp.json');
/**
 * What the kernel counts by user, for root in all containers and on this machine together. A lab host gets a small part of it.
 * `core` is in bytes. With 1, the kernel writes no core file and gives none to a program of this machine, as it does with 0 when
 * `core_pattern` is a pipe (core(5); do_coredump() in fs/coredump.c).
 */
const ULIMITS = {
  core: { soft: 1, hard: 1 },
  sigpending: { soft: 8192, hard: 8192 },
  msgqueue: { soft: 65_536, hard: 65_536 },
};
/** Only boot.sh prints to the container's log; its engine has a log of its own there. */
const LOG = { Type: 'local', Config: { 'max-size': '1m', 'max-file': '1', compress: 'false' } };
/** The engine keeps its sockets and what it starts containers from in /run. */
const RUN = { '/run': 'rw,nosuid,nodev,mode=755,size=64m' };

/** It is privileged, because an engine runs inside. Its image was made on this machine, so it is never pulled. */
export class OwnContainer extends GenericContainer {
  #id: string | undefined;

  constructor(image: string) {
    super(image);
    this.withPullPolicy(PullPolicy.neverPull()).withPrivilegedMode().withLabels(ownLabels());
    this.withUlimits(ULIMITS).withTmpFs(RUN);
    this.hostConfig.LogConfig = LOG; // testcontainers has no method for it
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

  /** @param memory Bytes. @param pids Processes and threads. */
  withBounds({ memory, pids }: { memory: number; pids: number }): this {
    Object.assign(this.hostConfig, { Memory: memory, MemorySwap: memory, PidsLimit: pids }); // as above
    return this;
  }

  /** Lets it see all processes of the grading machine. For containers in which no submission runs. */
  withHostProcesses(): this {
    this.hostConfig.PidMode = 'host';
    return this;
  }

  /** @param address Its only nameserver. */
  withNameserver(address: string): this {
    this.hostConfig.Dns = [address];
    return this;
  }

  override async start(): Promise<StartedTestContainer> {
    this.withSecurityOpt(`seccomp=${await readFile(SECCOMP, 'utf8')}`);
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
