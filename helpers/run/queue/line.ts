/** What graders and workers of one version agree on: names, what travels, and how often something is tried. */
import type { Graded } from '../lab-task.ts';

/** Every key of ours in Redis begins so. */
export const PREFIX = 'netgrade';

/** A lab of a student on its way to a worker. */
export interface LabJob {
  /** Of its grader, see run-name.ts: each run has parcels of its own, and removes them. */
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
 * A submission whose worker is lost is taken over once: one that takes its workers down takes two.
 * What could not be graded through no fault of the student is tried a second time, by whoever is free.
 */
export const TAKEN_OVER = 1;
export const TRIES = 2;

/** What is left in Redis by a run that is never continued goes away after this time. */
export const KEPT_SECONDS = 24 * 3600;

/** What is told of jobs, with their results, is kept for this many: a grader that has missed more looks for itself. */
export const EVENTS_KEPT = 200;

/** Which graders and workers can work together. */
export interface Version {
  /** The name of their queue in Redis. */
  queue: string;
  /** For people: what has to be the same. */
  about: string;
}

export function parcelKey({ run, parcel }: Pick<LabJob, 'run' | 'parcel'>): string {
  return `${PREFIX}:parcel:${run}:${parcel}`;
}
