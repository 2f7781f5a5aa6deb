/** The definition of a lab: what is surveyed of a submission, and the criteria by which it is graded. */
import type { SurveyPlan } from './survey-plan.ts';

export interface CriterionDefinition {
  /** The rule in the words of the hand-out. */
  title: string;
  points: number;
  /** Where to look, never the solution. */
  hint: string;
  /**
   * What Docker does there and the usual cause of a failure, in one or two sentences, without the solution. Added to
   * the hint if a rubric asks for full hints.
   */
  explanation?: string;
}

/** What the task asks for, as far as it can be drawn in a picture. */
export interface WantedTopology {
  networks: { name: string; driver: string }[];
  containers: WantedContainer[];
  /** The pairs of roles for which the task says whether one reaches the other. */
  reach: WantedReach[];
}

export interface WantedContainer {
  role: string;
  /** 1 or 2, when there are two machines. */
  machine?: number;
  /** Empty if the task leaves them open. */
  networks: string[];
  /** Whether it is to be reached from outside the machine. */
  published?: true;
  /** The role whose sandbox it shares. */
  sandboxOf?: string;
}

export interface WantedReach {
  from: string;
  to: string;
  byName?: boolean;
  byAddress?: boolean;
}

/** What a lab's submissions may ask of their lab host's engine, beyond what all labs may. */
export interface LabPolicy {
  /** They make or join a swarm of several machines. */
  swarm?: boolean;
}

/** Maximum points, titles and hints come from here, whether or not a spec runs. */
export interface LabDefinition<Id extends string = string> {
  name: string;
  title: string;
  /**
   * The number of machines that a submission is deployed on; 1 if absent. 0 for labs of which only answers are handed
   * in.
   */
  machines?: 0 | 2;
  /** What a lab host's engine lets a submission do beyond the usual; see docs/security.md. */
  policy?: LabPolicy;
  survey: SurveyPlan;
  wanted?: WantedTopology;
  criteria: Record<Id, CriterionDefinition>;
}

/** Declares a lab; keeps the criterion ids as types. */
export function defineLab<const Id extends string>(definition: LabDefinition<Id>): LabDefinition<Id> {
  return definition;
}

export function maxScoreOf(lab: LabDefinition): number {
  return Object.values(lab.criteria).reduce((sum, { points }) => sum + points, 0);
}

/** The names of a rubric in a course's folder; files with these names are not topologies. */
export const RUBRIC_FILES = ['rubric.yaml', 'rubric.yml'];
/** The same of what else a course may keep there. */
export const COURSE_FILES = ['course.yaml', 'course.yml'];
export const OVERRIDES_FILES = ['overrides.yaml', 'overrides.yml'];
