/** What graders and workers of one version agree on: names, what travels, and how often something is tried. */
import type { Graded } from '../lab-task.ts';

/** All our keys in Redis begin with this. */
export const PREFIX = 'netgrade';

/** A lab of a student on its way to a worker. */
export interface LabJob {
  /** The grader's run, see run-name.ts. Each run has parcels of its own, and removes them. */
  run: string;
  student: string;
  lab: string;
  /** The digest of its parcel; see parcel.ts. */
  parcel: string;
}

/** What a worker sends back: as JSON, with the survey's file in Base64. */
export interface LabResult extends Omit<Graded, 'survey'> {
  survey?: string;
}

/**
 * How often a submission is taken over when its worker is lost. Only once: a submission that crashes workers must not
 * crash more than two. A lab that could not be graded (not the student's fault) is also tried a second time, by any
 * free worker.
 */
export const TAKEN_OVER = 1;
export const TRIES = 2;

/** Redis drops what an abandoned run has left there after this time. */
export const KEPT_SECONDS = 24 * 3600;

/** So many events about jobs, with their results, are kept. A grader that has missed more reads the jobs themselves. */
export const EVENTS_KEPT = 200;

/** Which graders and workers can work together. */
export interface Version {
  /** The name of their queue in Redis. */
  queue: string;
  /** For people: what has to be the same on both sides. */
  about: string;
}

export function parcelKey({ run, parcel }: Pick<LabJob, 'run' | 'parcel'>): string {
  return `${PREFIX}:parcel:${run}:${parcel}`;
}
