/** Grades on this machine, with its own lab hosts and its own judge. */
import path from 'node:path';
import { logged } from '../base/log.ts';
import { ImageShelf } from '../machine/lab-host/image-shelf.ts';
import type { LabHostSupply } from '../machine/lab-host/supply.ts';
import { Material } from '../report/similarity/material.ts';
import { SPECS, type GradableLab } from '../lab/catalogue.ts';
import { gradeLab, type Equipment } from './grade-lab.ts';
import { type Graded } from './lab-task.ts';
import type { Submission } from '../submission/submission.ts';
import { Judge } from '../judge/judge.ts';
import type { LabGrader, Task } from './run.ts';

export interface LocalOptions {
  live: boolean;
  jobs: number;
  /** The course's own folders. */
  ownLabs: string[];
  /** See SurveyOptions. */
  meanwhile?: () => void;
}

export class LocalGrader implements LabGrader, AsyncDisposable {
  readonly live: boolean;
  readonly jobs: number;
  readonly #equipment: Equipment;

  private constructor(equipment: Equipment, { live, jobs }: LocalOptions) {
    this.#equipment = equipment;
    this.live = live;
    // A machine in use is there once: submissions would be in each other's way.
    this.jobs = equipment.hosts.kind === 'disposable' ? jobs : 1;
  }

  static async open(hosts: () => Promise<LabHostSupply>, options: LocalOptions): Promise<LocalGrader> {
    const { live, ownLabs, meanwhile } = options;
    const supply = await hosts();
    const images = new ImageShelf(supply.porter);
    const material = new Material(path.dirname(SPECS), ownLabs);
    return new LocalGrader({ judge: new Judge(), hosts: supply, images, live, material, meanwhile }, options);
  }

  get removals(): readonly number[] {
    return this.#equipment.hosts.removals;
  }

  grade({ lab, submission }: Task, started: () => void): Promise<Graded> {
    started();
    return this.gradeSubmission(lab, submission);
  }

  /** @param submission Absent when the lab was not handed in. */
  gradeSubmission(lab: GradableLab, submission: Submission | undefined): Promise<Graded> {
    const where = submission?.folder ?? 'no folder';
    return logged('run', `${lab.name} in ${where}`, () => gradeLab(this.#equipment, lab, submission));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { hosts, images, judge } = this.#equipment;
    await hosts[Symbol.asyncDispose]();
    await images[Symbol.asyncDispose]();
    judge[Symbol.dispose]();
  }
}
