/** What a lab wants observed of a submission. */
export interface RoleWanted {
  name: string;
  /** Image repositories by which the role is found if no name fits, e.g. `mongo`. */
  images: string[];
  /** Whether it listens on a port once it is up; most containers of a tutorial only keep running. */
  serves: boolean;
}

export interface SurveyPlan {
  roles: RoleWanted[];
  /** Ports of the host that the lab uses without publishing them. */
  hostPorts?: number[];
  /** Roles that nobody outside should reach, not even through another container. */
  guarded?: string[];
  /** Roles that must not get through to others, and who may ask on behalf of whom. */
  apart?: Apart;
  /** The file in which the lab's questions are answered, in the lab's folder. */
  answers?: string;
  /** Present if the roles form one application that answers requests from outside: experiments are made with it. */
  application?: Application;
}

/** Who must not get through to whom, whatever the way round. */
export interface Apart {
  /** `from` is a role or `OUTSIDE`. */
  pairs: { from: string; to: string }[];
  /** The role `from` asks the role `to`, and so may pass on what it was asked itself. */
  links: { from: string; to: string }[];
  /** What each role speaks at its own port. */
  speaks: Record<string, Spoken>;
  /** Roles that outsiders talk to. */
  publics: string[];
}

export type Spoken = 'http' | 'mongodb' | 'tcp';

/** Stands for whoever is not on the lab host, where a role is expected. */
export const OUTSIDE = '(outside)';

export interface Application {
  requests: RequestWanted[];
  /** Roles that are a MongoDB, and where they listen. */
  databases: { role: string; port: number }[];
  /** The roles in the order of starting: one that others need comes before them. Within a group, nobody needs another one. */
  startOrder: string[][];
}

/** A request from outside. */
export interface RequestWanted {
  /** The role that outsiders talk to. */
  front: string;
  path: string;
  /** The roles on which the answer should depend: an experiment pauses each of them for a moment. */
  backends: string[];
  /** For each backend, the roles that a request passes on its way there, from the front to the backend. */
  ways: string[][];
}
