/** What a lab is: what is surveyed of a submission, and the criteria it is graded by. */
import type { SurveyPlan } from './survey-plan.ts';

export interface CriterionDefinition {
  /** The rule as the hand-out says it. */
  title: string;
  points: number;
  /** Where to look, never the solution. */
  hint: string;
  /**
   * What Docker does there and what usually is the cause, in one or two sentences; still not the solution. Added to the
   * hint where a rubric wants hints in full.
   */
  explanation?: string;
}

/** A lab as a picture: what the task asks for, as far as it can be drawn. */
export interface WantedTopology {
  networks: { name: string; driver: string }[];
  containers: WantedContainer[];
  /** Pairs of roles of which the task says whether one reaches the other; nothing is said of others. */
  reach: WantedReach[];
}

export interface WantedContainer {
  role: string;
  /** 1 or 2, when there are two machines. */
  machine?: number;
  /** Empty when the task leaves them open. */
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

/** What a lab's own submissions may ask of their lab host's engine beyond the usual. */
export interface LabPolicy {
  /** They make or join a swarm of several machines. */
  swarm?: boolean;
}

/** The catalogue from which denominators, titles and hints come, whether or not a spec runs. */
export interface LabDefinition<Id extends string = string> {
  name: string;
  title: string;
  /** How many machines a submission is deployed on; one if nothing is said, none when only answers are handed in. */
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

/** What a rubric in a course's folder is called; such a file is no topology. */
export const RUBRIC_FILES = ['rubric.yaml', 'rubric.yml'];
