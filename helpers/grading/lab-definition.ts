/** What a lab is: what is surveyed of a submission, and the criteria it is graded by. */
import type { SurveyPlan } from '../survey/plan.ts';

export interface CriterionDefinition {
  /** The rule as the hand-out says it. */
  title: string;
  points: number;
  /** Where to look, never the solution. */
  hint: string;
}

/** The catalogue from which denominators, titles and hints come, whether or not a spec runs. */
export interface LabDefinition<Id extends string = string> {
  name: string;
  title: string;
  /** How many machines a submission is deployed on; one if nothing is said. */
  machines?: 2;
  survey: SurveyPlan;
  criteria: Record<Id, CriterionDefinition>;
}

/** Declares a lab; keeps the criterion ids as types. */
export function defineLab<const Id extends string>(definition: LabDefinition<Id>): LabDefinition<Id> {
  return definition;
}

export function maxScoreOf(lab: LabDefinition): number {
  return Object.values(lab.criteria).reduce((sum, { points }) => sum + points, 0);
}
