import type { RoleWanted } from './roles.ts';

/** What a lab wants surveyed. */
export interface SurveyPlan {
  roles: RoleWanted[];
  /** The role that outsiders talk to. */
  front: string;
  /** The role that is a MongoDB. */
  database: string;
}
