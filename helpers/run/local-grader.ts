/** Grades on this machine, with its own lab hosts and its own judge. */
import path from 'node:path';
import { logged } from '../base/log.ts';
import { ImageShelf } from '../machine/lab-host/image-shelf.ts';
import { aboutKept } from '../machine/lab-host/kept.ts';
import type { LabHostSupply } from '../machine/lab-host/supply.ts';
import { Material } from '../report/similarity/material.ts';
import { SPECS, type GradableLab } from '../lab/catalogue.ts';
import { gradeLab, type Equipment } from './grade-lab.ts';
import { type Graded } from './lab-task.ts';
import type { Submission } from '../submission/submission.ts';
import { Judge } from '../judge/judge.ts';
import { HostsToKeep } from './hosts-to-keep.ts';
import type { LabGrader, Task } from './run.ts';

export interface LocalOptions {
  live: boolean;
  jobs: number;
  /** Folders with topologies of the course's own. */
  ownLabs: string[];
  /** Leave each lab's hosts running when it is graded. */
  keep?: boolean;
  /** See Equipment. */
  whileDeploying?: () => void;
}

export class LocalGrader implements LabGrader, AsyncDisposable {
  readonly live: boolean;
  readonly jobs: number;
  /** What to tell the user about the kept lab hosts; empty without `keep`. */
  readonly kept: string[] = [];
  readonly #keep: boolean;
  readonly #equipment: Equipment;

  constructor(hosts: LabHostSupply, { live, jobs, ownLabs, keep = false, whileDeploying }: LocalOptions) {
    const images = new ImageShelf(hosts.porter);
    const material = new Material(path.dirname(SPECS), ownLabs);
    this.#keep = keep;
    this.#equipment = { judge: new Judge(), hosts, images, live, material, whileDeploying };
    this.live = live;
    // A machine in use grades one lab at a time, because submissions would disturb each other there.
    this.jobs = hosts.kind === 'disposable' ? jobs : 1;
  }

  get engine(): string | undefined {
    return this.#equipment.hosts.engine;
  }

  get removals(): readonly number[] {
    return this.#equipment.hosts.removals;
  }

  async grade({ student, lab, submission }: Task, started: () => void): Promise<Graded> {
    started();
    if (!this.#keep) return this.gradeSubmission(lab, submission);
    const hosts = new HostsToKeep(this.#equipment.hosts, { student: student.name, lab: lab.name });
    const graded = await this.gradeSubmission(lab, submission, hosts);
    const kept = await hosts.kept();
    if (kept.length > 0) this.kept.push(aboutKept(student.name, lab.name, kept));
    return graded;
  }

  /** @param submission Absent when the lab was not handed in. */
  gradeSubmission(
    lab: GradableLab,
    submission: Submission | undefined,
    hosts = this.#equipment.hosts,
  ): Promise<Graded> {
    const where = submission?.folder ?? 'no folder';
    return logged('run', `${lab.name} in ${where}`, () => gradeLab({ ...this.#equipment, hosts }, lab, submission));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { hosts, images, judge } = this.#equipment;
    await hosts[Symbol.asyncDispose]();
    await images[Symbol.asyncDispose]();
    judge[Symbol.dispose]();
  }
}
