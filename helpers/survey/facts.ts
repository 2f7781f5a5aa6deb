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
import type { Door } from './firewall/doors.ts';
import type { Experiments } from './experiment-facts.ts';
import type { Timings } from './stopwatch.ts';
import type { WaysFacts } from './way-facts.ts';

export interface Survey {
  engine: EngineFacts;
  deployment: DeploymentFacts;
  host: HostFacts;
  networks: NetworkFacts[];
  containers: ContainerFacts[];
  roles: Record<string, RoleFinding>;
  /** Sandboxes by the container's name. A container whose sandbox could not be read is absent. */
  sandboxes: Record<string, SandboxFacts>;
  /** Containers that changed while they were probed, by name: what changed, in words. */
  unstable: Record<string, string>;
  /** Containers that had ended too early and were started once more. */
  startedAgain?: StartedAgain[];
  /** The processes of every running container, as the lab host sees them. */
  processes: ProcessFacts[];
  /** What the engine did, in order. */
  history: EngineEvent[];
  names: NameFacts[];
  reach: ReachFacts[];
  pings: PingFacts[];
  outside: OutsideFacts;
  /** Ways round; present if the lab says who must not get through to whom. */
  ways?: WaysFacts;
  /** Present for fresh lab hosts. */
  firewall?: FirewallFacts;
  /** One entry for each running role that is a database. */
  databases: DatabaseFacts[];
  /** Present when the lab asks questions that are answered in a file. */
  answers?: AnswersFacts;
  experiments: Experiments;
  timings: Timings;
  /** The limits that the submission has reached, on lab hosts with limits. */
  usedUp?: UsedUp[];
  /** The submission's requests to the engine, on lab hosts whose engine has a policy. */
  policy?: PolicyFacts;
  /** For a submission on two machines: the second machine's survey, and this machine's part in the swarm. */
  secondMachine?: Survey;
  swarm?: SwarmFacts;
}

/** A container that ended because another one of its Compose project had not been started yet. */
export interface StartedAgain {
  container: string;
  /** The service whose name it did not find. */
  missed: string;
}

/** A limit that the submission has reached. */
export interface UsedUp {
  what: 'memory' | 'processes' | 'disk' | 'engine';
  /** The limit with its unit, e.g. "2 GiB". */
  bound: string;
}

/** What a machine says about its swarm. */
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
  /** Its name, and the name in the Compose file if there is one (label com.docker.compose.network). */
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
  /** Its number among the service's containers and the hash of the service's configuration, as Compose labels it. */
  replica?: { number: number; config: string };
  image: string;
  /** Names of known images whose layers this container's image begins with. */
  ancestors: string[];
  hostname: string;
  /** What the image itself exposes, e.g. `8080/tcp`. */
  exposedByImage: string[];
  imageId: string;
  /** The image's layers. Two builds of one Dockerfile may have different ids, but have the same layers. */
  imageLayers: string[];
  /** A hash of what the image says besides its layers (command, environment, ports …), without Compose's labels. */
  imageConfig?: string;
  /** Whether it runs what its image says, and was not told another command. */
  runsItsImage?: boolean;
  /** Lines for its hosts file that it was told (`--add-host`), e.g. `db.internal:10.11.12.13`. */
  extraHosts?: string[];
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
    /** Whether the kernel killed a process of it, or of its control group's neighbours, because memory ran out. */
    oomKilled: boolean;
    /** The limit of memory that it was given itself, in bytes; absent if none. */
    memoryLimit?: number;
    /** Present if it has a health check that has run. */
    health?: HealthFacts;
  };
  /** The container whose sandbox this one uses (`--network container:X`), itself otherwise. */
  sandboxOf: string;
  /** `host` or `none` when it has no network of its own. */
  networkMode: string;
  /** The networks that its sandbox is attached to (its owner's, if it shares a sandbox). */
  attachments: Attachment[];
  /** Published ports of its sandbox, asked for or in force; one per host address. */
  published: PublishedPort[];
  /** The ports it was told to publish, even if its network mode ignores that. `all` for `-P`. */
  publishAsked: PublishedPort[] | 'all';
  /** Paths of the machine that are mounted into it. */
  binds?: { source: string; target: string }[];
  /** The last lines of its output; present for containers that do not run. */
  lastOutput?: string;
}

export interface HealthFacts {
  /** starting, healthy or unhealthy. */
  status: string;
  /** The command, in words. */
  test: string;
  /** What it printed the last time, or the engine's message if it could not be run. */
  output: string;
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
  | {
      found: 'one';
      container: string;
      by: string;
      /** The other containers of the same Compose service, if there are any: they play the role together. */
      replicas?: string[];
      /** Their service, if submission.yaml names it: the name by which others find any of them. */
      called?: string;
    }
  | { found: 'several'; containers: string[]; by: string }
  | {
      found: 'none';
      /** What submission.yaml names, if it names anything for this role: no container is called so. */
      named?: string;
    };

export interface SandboxFacts extends SandboxAnswer, StackAnswer {}

/** The lab host itself. */
export interface HostFacts {
  sandbox: SandboxFacts;
  /** systemd-resolved's own resolv.conf; present if the host's resolv.conf names only systemd-resolved, on loopback. */
  upstreamResolvConf?: string;
  /** A name that only the lab host's own nameserver knows, where there is one. */
  privateName?: { name: string; address: string };
}

/** The file in which a student answers questions. */
export interface AnswersFacts {
  /** Its name. */
  file: string;
  /**
   * Whether the answers are about this machine: because it is a live host, or because the submission's script wrote or
   * changed them here. Otherwise they are about the student's own machine, which we have not seen.
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

/** Where a packet was seen by a witness. */
export interface Station {
  /** A container, or the lab host (`THE_HOST`). */
  place: string;
  interface: string;
  /** Whether it came in there or went out. */
  way: 'in' | 'out';
  /** Milliseconds since it left its sender. */
  ms: number;
}

/**
 * What a witness says of a packet that got no answer: it was delivered to the target's sandbox, or it left its sender and was
 * not delivered, though packets before and after it were.
 */
export type Witnessed = 'arrived' | 'lost';

/** One ping from a container's sandbox, or from the lab host (`THE_HOST`), to one of a container's addresses. */
export interface PingFacts {
  outcome: PingAnswer['outcome'] | Witnessed;
  from: string;
  to: string;
  address: string;
  /** Where its request was seen. */
  stations?: Station[];
}

/** Stands for the lab host where a container's name is expected; no container can be called that. */
export const THE_HOST = '(the host)';

/** One TCP connection tried from one sandbox towards one container. */
export interface ReachFacts extends Omit<ConnectAnswer, 'outcome'> {
  outcome: ConnectAnswer['outcome'] | Witnessed;
  from: string;
  /** The container that is meant. */
  to: string;
  address: string;
  port: number;
  /**
   * The way to the target: its own address, a port published on the host, one that a firewall rule forwards, or loopback in
   * a shared sandbox.
   */
  way: 'address' | 'published' | 'forwarded' | 'own-sandbox';
  /** For connections that opened: the outcome of the same connection after everything else was tried. */
  again?: ReachFacts['outcome'];
  /** Where its first packet was seen. */
  stations?: Station[];
}

export interface OutsideFacts {
  /** The place from which everything here was tried, in words. */
  from: string;
  /**
   * Result of connecting from outside to a listener of ours on the lab host: shows that "outside" can reach anything.
   */
  canary: ConnectAnswer['outcome'];
  /** Whether it was open before the submission was deployed. */
  wasOpen: boolean;
  ports: OutsidePort[];
  unpublished: UnpublishedPort[];
  /** Ports of the host that firewall rules forward which the engine did not make. */
  doors?: OpenedDoor[];
}

/** A port that a firewall rule forwards, tried from the neighbour machine. */
export interface OpenedDoor {
  /** The container that it leads to; absent if it leads to none of them. */
  container?: string;
  address: string;
  port: number;
  /** The command that makes the rule. */
  rule: string;
  reach: ConnectAnswer['outcome'];
}

/** What of a fresh lab host's firewall its engine did not make. Rules are written as the commands that make them. */
export interface FirewallFacts {
  /** The first rules and policies that are not the engine's. */
  added: string[];
  addedInAll: number;
  /** The rules among them that forward packets to another address or port. */
  doors: Door[];
  /** Ports that rules mention which the engine did not make. */
  ports?: number[];
  /** Pairs of containers without a network in common, between which packets could pass. */
  passages: PassageFacts[];
  /** Why it cannot be told what passes: there are too many rules, or some that iptables cannot show. */
  unclear?: 'too many' | 'not shown';
}

export interface PassageFacts {
  from: string;
  to: string;
  /** One of the target's addresses. */
  address: string;
  /** Whether the firewall, as it is, lets some packets pass. */
  passes: boolean;
  /** The rules that let them pass and are not the engine's. */
  rules: string[];
  /** Whether the engine's own rules alone would drop them all. */
  heldByEngine: boolean;
}

/** A port of the host that no container publishes, but whose number a non-publishing container listens on. */
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
  /** The published port; absent for a container in the host's sandbox, or an address that is reached directly. */
  mapping?: PublishedPort;
  direct?: boolean;
  reach: ConnectAnswer['outcome'];
  http: HttpAnswer;
  /** The same over TLS; present if a server was there that would not answer in plain words. */
  https?: HttpAnswer;
  /** First line of the answer to an invalid request, which a web server refuses itself, without asking its backend. */
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
