/**
 * The survey of one deployed submission: everything that was observed, as plain data. Nothing here is a verdict;
 * specs judge it and reports show it, both without an engine.
 */
import type { EngineFacts } from '../lab-host/lab-host.ts';
import type { MongoHello } from '../probe/mongo-wire.ts';
import type { ConnectAnswer, HttpAnswer, Listener, ResolveAnswer } from '../probe/protocol.ts';

export interface Survey {
  engine: EngineFacts;
  deployment: DeploymentFacts;
  networks: NetworkFacts[];
  containers: ContainerFacts[];
  roles: Record<string, RoleFinding>;
  /** By container name: the sandboxes that could be entered. */
  sandboxes: Record<string, SandboxFacts>;
  /** Names of containers that were not the same process any more when the probes had ended, with what changed. */
  unstable: Record<string, string>;
  names: NameFacts[];
  reach: ReachFacts[];
  outside: OutsideFacts;
  /** Absent when no role of the lab is its database. */
  database?: DatabaseFacts;
  experiments: { databaseAway?: DatabaseAway; newAddresses?: NewAddresses };
  /** Milliseconds of each phase. */
  timings: Record<string, number>;
}

export interface DeploymentFacts {
  how: 'compose' | 'script' | 'live';
  /** As a student would type it, in `directory`. */
  command: string;
  directory: string;
  /** null when it was ended by the timeout. */
  exitCode: number | null;
  timedOut: boolean;
  output: string;
  ms: number;
}

export interface NetworkFacts {
  id: string;
  name: string;
  /** `name`, or what Compose calls it (label com.docker.compose.network). */
  names: string[];
  driver: string;
  /** bridge, host and none exist on every engine. */
  predefined: boolean;
  internal: boolean;
  subnets: string[];
  gateways: string[];
  options: Record<string, string>;
}

export interface ContainerFacts {
  id: string;
  name: string;
  service?: string;
  image: string;
  /** Names of known images whose layers this container's image begins with. */
  ancestors: string[];
  hostname: string;
  state: {
    status: string;
    running: boolean;
    restarting: boolean;
    paused: boolean;
    exitCode: number;
    error: string;
    pid: number;
    startedAt: string;
    restartCount: number;
  };
  /** The container whose sandbox this one uses (`--network container:X`), itself otherwise. */
  sandboxOf: string;
  /** `host` or `none` when it has no network of its own. */
  networkMode: string;
  /** Attachments of the sandbox it uses. */
  attachments: Attachment[];
  /** Mappings of the sandbox it uses, asked for or in force, one per host address. */
  published: PublishedPort[];
  /** Last lines of output, of containers that do not run. */
  lastOutput?: string;
}

export interface Attachment {
  network: string;
  networkId: string;
  /** Empty while the container is stopped. */
  addresses: string[];
  aliases: string[];
  gateway: string;
}

export interface PublishedPort {
  hostAddress: string;
  hostPort: number;
  containerPort: number;
  protocol: string;
}

export type RoleFinding =
  | { found: 'one'; container: string; by: string }
  | { found: 'several'; containers: string[]; by: string }
  | { found: 'none' };

export interface SandboxFacts {
  listeners: Listener[];
  resolvConf: string;
  hosts: string;
}

/** One name asked of the embedded DNS server in one sandbox. */
export interface NameFacts extends ResolveAnswer {
  from: string;
  name: string;
}

/** One TCP connection tried from one sandbox towards one container. */
export interface ReachFacts extends ConnectAnswer {
  from: string;
  /** The container that is meant. */
  to: string;
  address: string;
  port: number;
  /** How the address leads there: its own address, a port published on the host, or the host's sandbox. */
  way: 'address' | 'published' | 'own-sandbox';
  /** The same connection at the end of the window, for those that opened. */
  again?: ConnectAnswer['outcome'];
}

export interface OutsideFacts {
  /** A listener of ours on the lab host, tried from outside: whether "outside" can reach anything at all. */
  canary: ConnectAnswer['outcome'];
  ports: OutsidePort[];
}

/** One port of the lab host tried from the neighbour machine. */
export interface OutsidePort {
  container: string;
  address: string;
  port: number;
  /** What the mapping says; absent for a container in the host's own sandbox or an address reached directly. */
  mapping?: PublishedPort;
  direct?: boolean;
  reach: ConnectAnswer['outcome'];
  http: HttpAnswer;
  /** First line of the answer to a request that a web server refuses by itself, without asking whoever is behind it. */
  refusal?: string;
  mongo: boolean;
}

export interface DatabaseFacts {
  container: string;
  ports: {
    address: string;
    port: number;
    reach: ConnectAnswer['outcome'];
    hello?: MongoHello;
    loopbackOnly: boolean;
  }[];
}

/** Answers to the same request, from outside, in one situation. */
export type Sample = Pick<HttpAnswer, 'outcome' | 'status' | 'body' | 'ms'>;

export interface DatabaseAway {
  url: string;
  before: Sample[];
  away: Sample[];
  after: Sample[];
  /** 2 when a first try showed no difference and everything was asked once more. */
  tries: number;
}

export interface NewAddresses {
  url: string;
  moved: { container: string; network: string; before: string; after: string }[];
  /** Containers that could not be started again, with the engine's words. */
  notStarted: Record<string, string>;
  answers: Sample[];
}
