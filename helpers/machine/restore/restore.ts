/** Puts back what an experiment changed, as a note says it was. It may be begun from any state, and interrupted at any time. */
import { setTimeout as delay } from 'node:timers/promises';
import type Docker from 'dockerode';
import { runAgain } from '../../base/docker/as-run.ts';
import { isRefusal } from '../../base/docker/gone.ts';
import { InfrastructureError, reasonOf } from '../../base/failure.ts';
import { LABEL, OWNER_LABEL } from '../lab-host/labels.ts';
import { withIds, type Note } from './note.ts';
import { inWords, planOf, type Plan, type Step } from './plan.ts';
import { runAgainSince, snapshotAgain, type Snapshot } from './snapshot.ts';

/** A program that was started before one that it needs may end, and is then started again. */
const ROUNDS = 4;
/** So long everything has to stay as it was. It is more than the time that an experiment gives a container to shut down. */
const SETTLE_MS = 6_000;

export interface Restored {
  /** What stays as it is, and why, in words. */
  left: string[];
  /** What could not be done, and why, in words. Another try may succeed. */
  failed: string[];
}

/**
 * @param isOurs Whether this very process changed it, and all that has gone since went with that.
 * @throws {InfrastructureError} when the engine does not answer any more.
 */
export async function restore(docker: Docker, note: Note, isOurs: boolean): Promise<Restored> {
  const doing = new Restoration(docker, note, isOurs);
  for (let round = 1; ; round++) {
    const plan = await doing.plan();
    const isDone = plan.steps.length === 0 && !(await doing.stirs());
    if (isDone || round > ROUNDS) return doing.result(plan);
    await doing.carryOut(plan);
  }
}

/** What is not as a note says, after waiting for changes that are perhaps still under way. */
export async function changesSince(docker: Docker, note: Note): Promise<string[]> {
  const doing = new Restoration(docker, note, false);
  const { changed, steps } = await doing.plan();
  if (steps.length > 0 || !(await doing.stirs())) return changed;
  return (await doing.plan()).changed;
}

class Restoration {
  readonly #docker: Docker;
  #note: Note;
  /** Why the last try of a step failed, by the step's words. */
  readonly #failures = new Map<string, string>();
  /** Networks that could not get their former subnet. */
  readonly #settled = new Map<string, string>();
  /** Names of containers that the engine may remove when they end: those that were there when this began. */
  #mayBeLost: Set<string> | undefined;

  constructor(docker: Docker, note: Note, isOurs: boolean) {
    this.#docker = docker;
    this.#note = note;
    if (isOurs) this.#mayBeLost = new Set(note.was.containers.map(({ name }) => name));
  }

  async plan(): Promise<Plan> {
    const now = await this.#now();
    const lost = (this.#mayBeLost ??= new Set(now.containers.map(({ name }) => name)));
    return planOf(this.#note, now, { settled: new Set(this.#settled.keys()), lost });
  }

  async carryOut({ steps }: Plan): Promise<void> {
    await this.#removePlaceholders();
    for (const step of steps) {
      try {
        await this.#do(step);
        this.#failures.delete(inWords(step));
      } catch (error) {
        this.#failures.set(inWords(step), whyRefused(error));
      }
    }
  }

  /** Whether a container that should run ends within a while. */
  async stirs(): Promise<boolean> {
    const over = new AbortController();
    const ran = new Set(this.#note.was.containers.filter(({ state }) => state === 'running').map(({ id }) => id));
    const ends = this.#note.restarts
      .filter(({ id }) => ran.has(id))
      .map(async ({ id }) => {
        await this.#docker.getContainer(id).wait({ condition: 'not-running', abortSignal: over.signal });
        return true;
      });
    // One that has gone is not waited for.
    const ended = Promise.any(ends).catch(() => new Promise<never>(() => undefined));
    try {
      return await Promise.race([ended, delay(SETTLE_MS, false, { signal: over.signal })]);
    } finally {
      over.abort();
    }
  }

  /** @param plan What is still to be done. */
  result({ steps, left }: Plan): Restored {
    const settled = [...this.#settled].map(([network, why]) => `${network} has another subnet than before: ${why}`);
    const failed = steps.map(inWords).map((words) => `${words}: ${this.#failures.get(words) ?? 'it did not stay so'}`);
    return { left: [...left, ...settled], failed };
  }

  async #now(): Promise<Snapshot> {
    this.#note = withIds(this.#note, await runAgainSince(this.#docker, this.#note.was));
    return snapshotAgain(this.#docker, this.#note.was);
  }

  async #do(step: Step): Promise<void> {
    const docker = this.#docker;
    switch (step.do) {
      case 'unpause':
      case 'start':
        await docker.getContainer(step.container)[step.do]();
        return;
      case 'restart':
        await docker.getContainer(step.container).restart({ t: step.stopSeconds });
        return;
      case 'run':
        await runAgain(docker, { id: step.container, name: step.name }, step.asRun);
        return;
      case 'disconnect':
        await docker.getNetwork(step.from).disconnect({ Container: step.container, Force: true });
        return;
      case 'remove':
        await docker.getNetwork(step.id).remove();
        return;
      case 'connect':
        await docker.getNetwork(step.network).connect({ Container: step.container, EndpointConfig: step.config });
        return;
      case 'make':
        await this.#make(step);
    }
  }

  /** If the former subnet is somebody else's now, another one is better than no network. */
  async #make({ network, settings }: Extract<Step, { do: 'make' }>): Promise<void> {
    const make = ({ IPAM, ...same }: typeof settings): Promise<unknown> =>
      this.#docker.createNetwork({ ...same, Name: network, CheckDuplicate: true, IPAM });
    try {
      await make(settings);
    } catch (error) {
      const why = whyRefused(error);
      await make({ ...settings, IPAM: { Driver: 'default', Config: [] } });
      this.#settled.set(network, why);
    }
  }

  /** Containers by which the run that wrote the note took up addresses on these networks. */
  async #removePlaceholders(): Promise<void> {
    const { networks } = await this.#now();
    const label = [`${LABEL}=run`, `${OWNER_LABEL}=${this.#note.owner}`];
    const found = await Promise.all(
      networks.map(({ id }) => this.#docker.listContainers({ all: true, filters: { network: [id], label } })),
    );
    await Promise.allSettled(found.flat().map(({ Id }) => this.#docker.getContainer(Id).remove({ force: true })));
  }
}

/** @throws {InfrastructureError} when the engine did not refuse, but did not answer. */
function whyRefused(error: unknown): string {
  if (isRefusal(error)) return reasonOf(error);
  throw new InfrastructureError(`the engine does not answer: ${reasonOf(error)}`);
}
