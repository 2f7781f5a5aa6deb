/** What a lab wants observed of a submission. */
export interface RoleWanted {
  name: string;
  /** Image repositories that suggest the role when nothing else does, e.g. `mongo`. */
  images: string[];
  /** Whether it listens on a port once it is up; most containers of a tutorial just stay there. */
  serves: boolean;
}

export interface SurveyPlan {
  roles: RoleWanted[];
  /** Ports of the host that are used though no container publishes them. */
  hostPorts?: number[];
  /** The file in which the lab's questions are answered, in the lab's folder. */
  answers?: string;
  /** Present when the roles are one application that outsiders send requests to: it is experimented with. */
  application?: Application;
}

export interface Application {
  requests: RequestWanted[];
  /** Roles that are a MongoDB, and where they listen. */
  databases: { role: string; port: number }[];
  /** Roles in the order in which they are started: what others need comes first. */
  startOrder: string[];
}

/** A request from outside. */
export interface RequestWanted {
  /** The role that outsiders talk to. */
  front: string;
  path: string;
  /** The roles whose part in the answer is looked for, by taking them away for a moment. */
  backends: string[];
}
