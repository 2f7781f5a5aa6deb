/** What a submission will create on its machine, as far as that can be read in its files before it is deployed. */

export interface Needs {
  /** Names of containers to be made. */
  containers: string[];
  networks: string[];
  volumes: string[];
  ports: NeededPort[];
  /** Subnets that networks are to have. */
  subnets: string[];
  /** Names of existing things that will be changed or removed. */
  touches: string[];
  /** Compose's project name. */
  project?: string;
}

export interface NeededPort {
  port: number;
  /** The host's address; 0.0.0.0 for all. */
  address: string;
  protocol: string;
}

export function noNeeds(): Needs {
  return { containers: [], networks: [], volumes: [], ports: [], subnets: [], touches: [] };
}

/** A port as `docker run --publish` and Compose's short form have it: [[address:]port:]containerPort[/protocol]. */
export function portsIn(published: string): NeededPort[] {
  const match = /^(?:(?:\[([^\]]+)\]|([\d.]+)):)?(\d+)(?:-(\d+))?:\d+(?:-\d+)?(?:\/(\w+))?$/.exec(published);
  if (match === null) return [];
  const [, v6, v4, from = '', to = from, protocol = 'tcp'] = match;
  const count = Math.min(Number(to) - Number(from) + 1, 100);
  return Array.from({ length: Math.max(count, 1) }, (_, i) => ({
    port: Number(from) + i,
    address: v6 ?? v4 ?? '0.0.0.0',
    protocol,
  }));
}
