/**
 * The survey of one deployed submission: everything that was observed, as plain data. Nothing here is a verdict;
 * specs judge it and reports show it, both without an engine.
 */
import type { Answers } from '../submission/answers.ts';
import type { EngineFacts } from '../machine/lab-host/lab-host.ts';
import type { PolicyFacts } from '../machine/policy/policy.ts';
import type { MongoHello } from '../machine/probe/mongo-wire.ts';
import type {
  ConnectAnswer,
  HttpAnswer,
  PingAnswer,
  ProcessFacts,
  ResolveAnswer,
  SandboxAnswer,
  StackAnswer,
} from '../machine/probe/protocol.ts';
import type { DeploymentFacts } from '../deploy/deployment-facts.ts';
import type { Experiments } from './experiment-facts.ts';
import type { Timings } from './stopwatch.ts';

export interface Survey {
  engine: EngineFacts;
  deployment: DeploymentFacts;
  host: HostFacts;
  networks: NetworkFacts[];
  containers: ContainerFacts[];
  roles: Record<string, RoleFinding>;
  /** By container name: the sandboxes that could be entered. */
  sandboxes: Record<string, SandboxFacts>;
  /** Names of containers that were not the same process any more when the probes had ended, with what changed. */
  unstable: Record<string, string>;
  /** Of every container that runs, from the lab host's point of view. */
  processes: ProcessFacts[];
  /** What the engine did, in order. */
  history: EngineEvent[];
  names: NameFacts[];
  reach: ReachFacts[];
  pings: PingFacts[];
  outside: OutsideFacts;
  /** One for each role that is a database and runs. */
  databases: DatabaseFacts[];
  /** Present when the lab asks questions that are answered in a file. */
  answers?: AnswersFacts;
  experiments: Experiments;
  timings: Timings;
  /** What it has used up, where it has bounds. */
  usedUp?: UsedUp[];
  /** What the submission asked of the engine, where the engine is asked about it. */
  policy?: PolicyFacts;
  /** The second machine of a submission that needs two, and each one's part in a swarm. */
  secondMachine?: Survey;
  swarm?: SwarmFacts;
}

/** A bound that the submission has reached. */
export interface UsedUp {
  what: 'memory' | 'processes' | 'disk';
  /** How much there was, with its unit. */
  bound: string;
}

/** What a machine says of the swarm that it is in. */
export interface SwarmFacts {
  /** `active` while it is in one. */
  state: string;
  nodeId: string;
  /** The swarm's nodes, as managers know them; empty elsewhere. */
  nodes: { id: string; state: string; address: string }[];
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
  /** Whether containers may join a swarm's network. */
  attachable: boolean;
  subnets: string[];
  gateways: string[];
  options: Record<string, string>;
}

export interface ContainerFacts {
  id: string;
  name: string;
  /** Compose's service and project. */
  service?: string;
  project?: string;
  image: string;
  /** Names of known images whose layers this container's image begins with. */
  ancestors: string[];
  hostname: string;
  /** What the image itself exposes, e.g. `8080/tcp`. */
  exposedByImage: string[];
  imageId: string;
  /** What it consists of; two builds of one Dockerfile differ in their ids, but not in these. */
  imageLayers: string[];
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
    /** Whether the kernel ended something of it, or of its neighbours in one group, for want of memory. */
    oomKilled: boolean;
  };
  /** The container whose sandbox this one uses (`--network container:X`), itself otherwise. */
  sandboxOf: string;
  /** `host` or `none` when it has no network of its own. */
  networkMode: string;
  /** Attachments of the sandbox it uses. */
  attachments: Attachment[];
  /** Mappings of the sandbox it uses, asked for or in force, one per host address. */
  published: PublishedPort[];
  /** What it was told to publish, whether or not its network mode heeds that; `-P` is `all`. */
  publishAsked: PublishedPort[] | 'all';
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

export interface SandboxFacts extends SandboxAnswer, StackAnswer {}

/** The lab host itself. */
export interface HostFacts {
  sandbox: SandboxFacts;
  /** The text of systemd-resolved's own resolv.conf, where the host's names nobody but it, on loopback. */
  upstreamResolvConf?: string;
  /** A name that only the lab host's own nameserver knows, where there is one. */
  privateName?: { name: string; address: string };
}

/** The file in which a student answers questions. */
export interface AnswersFacts {
  /** Its name. */
  file: string;
  /**
   * Whether the answers are about this very machine: it was looked at as it stood, or the submission's script has written
   * or changed them here. Otherwise they are about the student's own machine, which nobody here has seen.
   */
  aboutThisHost: boolean;
  /** Each answer as lines of text, by question; or why there are none. */
  answers: Answers;
}

/** Something that happened to a container or to its attachment to a network. */
export interface EngineEvent {
  /** Nanoseconds since 1970, as text: more digits than a number holds. */
  at: string;
  action: 'start' | 'die' | 'connect' | 'disconnect';
  /** The container's id. */
  container: string;
  /** The network's id, for `connect` and `disconnect`. */
  network?: string;
}

/** One name asked of one nameserver in one sandbox. */
export interface NameFacts extends ResolveAnswer {
  from: string;
  name: string;
  server: string;
}

/** One ping from a container's sandbox, or from the lab host (`THE_HOST`), to one of a container's addresses. */
export interface PingFacts extends PingAnswer {
  from: string;
  to: string;
  address: string;
}

/** Stands for the lab host where a container's name is expected; no container can be called that. */
export const THE_HOST = '(the host)';

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
  /** The place from which everything here was tried, in words. */
  from: string;
  /** A listener of ours on the lab host, tried from outside: whether "outside" can reach anything at all. */
  canary: ConnectAnswer['outcome'];
  /** Whether it was open before the submission was deployed. */
  wasOpen: boolean;
  ports: OutsidePort[];
  unpublished: UnpublishedPort[];
}

/** A port of the host that nobody publishes, with the number at which a container listens that publishes nothing. */
export interface UnpublishedPort {
  container: string;
  address: string;
  port: number;
  reach: ConnectAnswer['outcome'];
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
