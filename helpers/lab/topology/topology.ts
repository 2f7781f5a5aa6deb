/** An architecture as data: roles, the networks they are on, and who talks to whom by which name. */

export const PROTOCOLS = ['http', 'mongodb', 'tcp'] as const;
export type Protocol = (typeof PROTOCOLS)[number];

export interface Topology {
  name: string;
  title: string;
  roles: TopologyRole[];
  networks: TopologyNetwork[];
  links: Link[];
  /** Criterion ids that differ from the derived ones: rule (as in `ruleKey`) → id. */
  ids: Record<string, string>;
}

export interface TopologyRole {
  name: string;
  /** Its name in sentences, e.g. "the Flask app". */
  called: string;
  /** Image repositories by which the role is found if no name fits. */
  images: string[];
  protocol: Protocol;
  /** The port on which it listens inside its container. */
  port: number;
  /** Whether it is to be reached from outside. */
  public: boolean;
  /** The path of a request from outside. */
  path: string;
}

export interface TopologyNetwork {
  name: string;
  roles: string[];
}

/** The role `from` connects to the role `to`, by the name `by`, on the network `over`. */
export interface Link {
  from: string;
  to: string;
  by: string;
  over: string;
}

export function roleOf({ roles }: Topology, name: string): TopologyRole {
  const role = roles.find((each) => each.name === name);
  if (role === undefined) throw new Error(`the topology has no role ${name}`);
  return role;
}

export function networksOf({ networks }: Topology, role: string): string[] {
  return networks.filter(({ roles }) => roles.includes(role)).map(({ name }) => name);
}

export function rolesOn({ networks }: Topology, network: string): string[] {
  return networks.filter(({ name }) => name === network).flatMap(({ roles }) => roles);
}

export function sharedNetworks(topology: Topology, one: string, other: string): string[] {
  const theirs = networksOf(topology, other);
  return networksOf(topology, one).filter((network) => theirs.includes(network));
}

/** The last roles on the way of a request to this role: those reached over links that have no further links. */
export function backendsOf(topology: Topology, role: string): string[] {
  const next = topology.links.filter(({ from }) => from === role).map(({ to }) => to);
  const ends = next.flatMap((to) => {
    const further = backendsOf(topology, to);
    return further.length > 0 ? further : [to];
  });
  return [...new Set(ends)];
}

/** The roles that a request passes on its way from one role to another, both included; the shortest way. */
export function wayBetween(topology: Topology, front: string, backend: string): string[] {
  const ways = [[front]];
  for (let way = ways.shift(); way !== undefined; way = ways.shift()) {
    const last = way.at(-1);
    if (last === backend) return way;
    ways.push(...topology.links.filter(({ from }) => from === last).map(({ to }) => [...way, to]));
  }
  return [];
}

/** The roles in groups in which each comes after those it connects to; undefined if the links form a circle. */
export function startOrder({ roles, links }: Pick<Topology, 'roles' | 'links'>): string[][] | undefined {
  const order: string[][] = [];
  let waiting = roles.map(({ name }) => name);
  while (waiting.length > 0) {
    const ready = waiting.filter((role) => links.every(({ from, to }) => from !== role || order.flat().includes(to)));
    if (ready.length === 0) return undefined;
    order.push(ready);
    waiting = waiting.filter((role) => !ready.includes(role));
  }
  return order;
}
