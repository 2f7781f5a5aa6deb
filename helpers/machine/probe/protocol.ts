/**
 * What the grader may ask the probe agent on a lab host, and what it answers.
 *
 * One JSON object per line in both directions. The agent observes and never judges. An answer is a named outcome, not a
 * boolean. Anything that is not a named outcome is an `error`, which is never the student's fault.
 */
import type { PolicyFacts } from '../policy/policy.ts';
import type { PolicyRules } from '../policy/rules.ts';

/** Where a question is asked: in the sandbox of a process, on the lab host itself, or on its neighbour machine. */
export type Place = { pid: number } | 'host' | 'outside';

/** Opens a TCP connection and closes it again. */
export interface Connect {
  ask: 'connect';
  address: string;
  port: number;
  timeoutMs: number;
}

/**
 * Opens a TCP connection, sends bytes, and returns what comes back: until `enough` bytes are there, or a message whose
 * first four bytes are its length (little-endian, as in MongoDB's protocol), or the end, or the timeout.
 */
export interface Exchange {
  ask: 'exchange';
  address: string;
  port: number;
  /** base64 */
  send: string;
  enough: number | 'message';
  timeoutMs: number;
}

/** One HTTP GET over a connection of its own, no proxy, no redirect followed. It asks for the host `localhost`. */
export interface HttpGet {
  ask: 'http';
  address: string;
  port: number;
  path: string;
  /** Over TLS, whatever the certificate says. */
  tls?: boolean;
  timeoutMs: number;
}

/** One A query, sent to the named server only: neither the hosts file nor a search domain takes part. */
export interface Resolve {
  ask: 'resolve';
  name: string;
  server: string;
  timeoutMs: number;
}

/** Reads a sandbox's own files: what listens, resolv.conf, hosts. */
export interface ReadSandbox {
  ask: 'sandbox';
}

/** Reads a sandbox's network stack as the kernel has it: interfaces, routes, and which namespace it is. */
export interface ReadStack {
  ask: 'stack';
}

/** Reads the firewall's rules (place `host` only). */
export interface ReadFirewall {
  ask: 'firewall';
}

/**
 * Ends TCP connections of a sandbox, as if their other ends had gone: those to which all that is said here applies. Only in a
 * sandbox, and not one that listens only.
 */
export interface EndConnections {
  ask: 'end connections';
  /** One of their two ends has one of these addresses. */
  addresses?: string[];
  /** Their end in the sandbox has this port. */
  port?: number;
}

/**
 * Answers in the place of a server whose processes are paused, on the sockets that its container's processes hold: those that
 * listen on these ports, and connections to these ports. Only in a sandbox. Nothing of the sockets is changed; who has taken
 * their place must be told to stop before the processes are resumed.
 */
export interface AnswerFor {
  ask: 'answer for';
  ports: number[];
  /**
   * What the server says of itself: its reply to `hello` (base64). Drivers are greeted with it, and every command of theirs is
   * refused. Without it, connections are ended as soon as they are there.
   */
  greeting?: string;
}

/** Gives a server's sockets back. Connections that were accepted in its place end. */
export interface StopAnswering {
  ask: 'stop answering';
  deputy: number;
}

/** Sends one ICMP echo request and waits for the reply. */
export interface Ping {
  ask: 'ping';
  address: string;
  timeoutMs: number;
}

/** Which network namespaces and sockets the processes of every container hold (place `host` only). */
export interface ReadProcesses {
  ask: 'processes';
}

/** Which processes listen on a TCP port (place `host` only). */
export interface FindHolders {
  ask: 'holders';
  port: number;
}

/**
 * Listens on every address of the place, on a free port, until the agent ends: to test whether "outside" can reach it.
 */
export interface Listen {
  ask: 'listen';
}

/** Makes the neighbour machine: a network namespace, connected to the host by a veth pair (place `host` only). */
export interface BuildNeighbour {
  ask: 'neighbour';
  /** The name of the host's end of the veth pair. */
  wire: string;
  ends: WireEnds[];
}

/** Addresses of both ends, with prefix length; one pair for IPv4 and, where the host can, one for IPv6. */
export interface WireEnds {
  host: string;
  neighbour: string;
}

/** Asks for the kernel's boot id: two places with the same one are on one machine. */
export interface ReadMachine {
  ask: 'machine';
}

/** What a witness listens to: the first packets of connections and pings, or what connections and nameservers say. */
export type Witnessed = 'attempts' | 'talk';

/** Begins to listen to the packets of the place, on all its interfaces, those that leave it included. */
export interface BeginWitness {
  ask: 'witness';
  what: Witnessed;
  /** Bytes of each packet that are kept beyond its headers. */
  payload: number;
}

/** Reads what a witness has seen since it was read last. It goes on listening, unless this is the last time. */
export interface ReadWitness {
  ask: 'witnessed';
  witness: number;
  last: boolean;
}

/** Lists the addresses of the place, loopback excepted. */
export interface Addresses {
  ask: 'addresses';
}

/** Runs a command on the lab host (place `host` only), with just the environment given here. */
export interface Run {
  ask: 'run';
  argv: string[];
  cwd: string;
  env: Record<string, string>;
  timeoutMs: number;
  /** Output beyond this many characters is dropped from its middle. */
  maxOutput: number;
}

/** Reads a text file of the lab host (place `host` only). */
export interface ReadText {
  ask: 'text';
  path: string;
}

/** Starts the policy: from now on the engine asks it about every request (place `host` only, once). */
export interface StartPolicy {
  ask: 'policy';
  /** A secret that the grader's own requests carry. */
  key: string;
  /** The folder of submissions. */
  workplace: string;
  /** How long its process may take to start, on a busy machine. */
  timeoutMs: number;
}

/** From now on, the engine's requests come from a submission. */
export interface BeginPolicy {
  ask: 'policy begin';
  rules: PolicyRules;
  /** The secret that the doors of a lab's hosts share (swarm-door.ts): 32 bytes in hexadecimal. */
  tokenSecret: string;
}

/** What the submission has asked of the engine so far. */
export interface ReadPolicy {
  ask: 'policy facts';
}

/** Makes containers of builds wait, before they begin, until they are let go (place `host` only, once). */
export interface WatchBuilds {
  ask: 'watch builds';
  /** What they ask for names. */
  nameserver: string;
}

/** Waits for the next container of a build (place `host` only). */
export interface NextBuild {
  ask: 'next build';
  timeoutMs: number;
}

/** Lets a build's container begin (place `host` only). */
export interface LetBuildGo {
  ask: 'let build go';
  pid: number;
}

/** From now on the agent goes on when its input ends, for a machine that is kept (place `host` only). */
export interface Stay {
  ask: 'stay';
}

export type ProbeQuestion =
  | Connect
  | Exchange
  | HttpGet
  | Resolve
  | ReadSandbox
  | ReadStack
  | ReadFirewall
  | EndConnections
  | AnswerFor
  | StopAnswering
  | Ping
  | ReadProcesses
  | FindHolders
  | Listen
  | BuildNeighbour
  | ReadMachine
  | BeginWitness
  | ReadWitness
  | Addresses
  | ReadText
  | StartPolicy
  | BeginPolicy
  | ReadPolicy
  | WatchBuilds
  | NextBuild
  | LetBuildGo
  | Stay
  | Run;

/**
 * How far a TCP connection got. `refused` means that the packet arrived; `no-answer` and `unreachable` that it did not.
 */
export type Reach = 'open' | 'refused' | 'no-answer' | 'unreachable';

export interface ConnectAnswer {
  outcome: Reach;
  /** The system's error name, e.g. EHOSTUNREACH; absent when the connection opened. */
  errno?: string;
  ms: number;
  /** The port from which it was tried; absent if the attempt had ended before it could be read. */
  sourcePort?: number;
}

/** One packet that a witness saw. */
export interface Packet {
  /** Milliseconds since 1970, with fractions: when the kernel had it, by the clock of the lab host. */
  at: number;
  /** The interface's index. */
  interface: number;
  /** Whether it left the place by this interface; otherwise it came in. */
  out: boolean;
  /** `echo`: a ping's request. */
  protocol: 'tcp' | 'udp' | 'echo';
  from: string;
  fromPort: number;
  to: string;
  toPort: number;
  /** TCP's sequence number and flags (RFC 9293, 3.1). */
  seq?: number;
  flags?: number;
  /** Bytes of payload on the wire. */
  size: number;
  /** base64, as far as it was kept. Of a ping: its identifier, sequence number and data. */
  payload?: string;
}

export interface WitnessedAnswer {
  packets: Packet[];
  /** How many packets could not be kept. */
  missed: number;
  /** When it was read: whatever had come by then is in it. By the same clock as the packets. */
  readAt: number;
}

export interface ExchangeAnswer extends ConnectAnswer {
  /** base64; empty when nothing came. */
  received: string;
}

export interface HttpAnswer {
  /** `not-http`: a connection came about, but no answer in HTTP; over TLS, perhaps no TLS either. */
  outcome: Reach | 'answered' | 'not-http';
  status?: number;
  server?: string;
  /** Where a redirect leads. At most 2048 characters. */
  location?: string;
  /** At most 4096 characters. */
  body?: string;
  ms: number;
}

export interface ResolveAnswer {
  outcome: 'answered' | 'no-such-name' | 'server-failed' | 'refused' | 'no-answer';
  addresses: string[];
  /** The resolver's own word, e.g. ENOTFOUND. */
  code?: string;
}

export interface Listener {
  address: string;
  port: number;
  /** The socket's inode number: tells whose socket it is, see `ProcessesAnswer`. */
  socket: number;
}

export interface SandboxAnswer {
  listeners: Listener[];
  resolvConf: string;
  hosts: string;
  /** The text of /etc/hostname, without the line end. */
  hostname: string;
}

export interface NetworkInterface {
  name: string;
  index: number;
  /** Index of the other end of a veth pair, in the other end's namespace. */
  peerIndex?: number;
  /** The bridge it is a port of. */
  master?: string;
  mac: string;
  up: boolean;
  /** With prefix length, e.g. 172.17.0.2/16; link-local IPv6 addresses left out. */
  addresses: string[];
}

export interface Route {
  /** `default` or a prefix. */
  destination: string;
  gateway?: string;
  device: string;
}

export interface StackAnswer {
  /** Identity of the network namespace: the inode number that /proc/PID/ns/net links to. */
  namespace: number;
  interfaces: NetworkInterface[];
  /** Of the main table, IPv4 and IPv6, without link-local and multicast routes. */
  routes: Route[];
}

export interface FirewallAnswer {
  /**
   * What iptables-save and its relatives print, for each backend of the kernel and each family. `whole` is false if the tool
   * met something that it cannot show: other programs can make such rules.
   */
  saved: { family: 4 | 6; text: string; whole: boolean }[];
  /** What `nft list ruleset` prints: iptables' own tables in it, too. */
  ruleset: string;
  /** There are so many rules that they were not read to the end. */
  cut: boolean;
}

export interface EndConnectionsAnswer {
  /** How many were ended; absent where the kernel cannot do it. */
  ended?: number;
}

export interface PingAnswer {
  outcome: 'answered' | 'no-answer' | 'unreachable';
}

export interface ProcessFacts {
  /** The container's id. */
  container: string;
  namespace: number;
  /** Inode numbers of its sockets. */
  sockets: number[];
}

export interface ProcessesAnswer {
  processes: ProcessFacts[];
}

export interface HoldersAnswer {
  holders: { pid: number; command: string }[];
}

export interface TextAnswer {
  /** Absent when there is no regular file of this name; cut at 64 KiB. */
  text?: string;
}

export interface RunAnswer {
  /** null when a signal or the timeout ended it. */
  exitCode: number | null;
  timedOut: boolean;
  output: string;
  ms: number;
  /** Milliseconds since 1970 by the clock of the machine on which it ran; absent if that was not read. */
  startedAt?: number;
}

/** The answer to each kind of question. */
export interface Answers {
  connect: ConnectAnswer;
  exchange: ExchangeAnswer;
  http: HttpAnswer;
  resolve: ResolveAnswer;
  sandbox: SandboxAnswer;
  stack: StackAnswer;
  firewall: FirewallAnswer;
  'end connections': EndConnectionsAnswer;
  /** The number of who answers; absent where the machine does not hand sockets over, or nothing listens there. */
  'answer for': { deputy?: number };
  'stop answering': Record<string, never>;
  ping: PingAnswer;
  processes: ProcessesAnswer;
  holders: HoldersAnswer;
  text: TextAnswer;
  listen: { port: number };
  neighbour: Record<string, never>;
  machine: { bootId: string };
  /** The witness's number; absent when this machine lets nobody listen. */
  witness: { witness?: number };
  witnessed: WitnessedAnswer;
  addresses: { addresses: string[] };
  run: RunAnswer;
  policy: Record<string, never>;
  'policy begin': Record<string, never>;
  'policy facts': PolicyFacts;
  'watch builds': Record<string, never>;
  /** The process id as the lab host counts; absent when no build began in this time. */
  'next build': { pid?: number };
  'let build go': Record<string, never>;
  stay: Record<string, never>;
}

export type AnswerTo<Q extends ProbeQuestion> = Answers[Q['ask']];

/** Opens a connection to a unix socket of the machine, carries its bytes (base64) in either direction, ends it. */
export type ChannelLine = { id: number } & ({ dial: string } | { data: string } | { end: true });

export interface Request {
  id: number;
  place: Place;
  question: ProbeQuestion;
}

export type RequestLine = Request | ChannelLine;

export type Reply = { id: number; answer: Answers[ProbeQuestion['ask']] } | { id: number; error: string };

export type ReplyLine = Reply | ChannelLine;
