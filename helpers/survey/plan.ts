import type { RoleWanted } from './roles.ts';

/** What a lab wants surveyed. */
export interface SurveyPlan {
  roles: RoleWanted[];
  /** Present when the roles are one application that outsiders send requests to: it is experimented with. */
  application?: Application;
}

export interface Application {
  /** The role that outsiders talk to. */
  front: string;
  /** The role that is a MongoDB. */
  database: string;
}
