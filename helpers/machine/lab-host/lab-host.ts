/** A lab host as deploying and probing see it: a machine with a Docker Engine, whatever its kind. */
import type Docker from 'dockerode';
import type { Gate } from '../gate/gate.ts';
import type { AnswerTo, Place, ProbeQuestion, Run, RunAnswer } from '../probe/protocol.ts';
import type { PolicyFacts } from '../policy/policy.ts';
import type { Restart } from '../restore/note.ts';
import type { LabPolicy } from '../../lab/lab-definition.ts';
import type { Bounds, Reached } from './disposable/bounds.ts';
import type { Contents } from '../../submission/contents.ts';
import type { Kept } from './kept.ts';
import type { Outside } from './outside.ts';

export type HostKind = 'disposable' | 'local' | 'ssh';

export interface EngineFacts {
  version: string;
  apiVersion: string;
  host: HostKind;
  /** True when nothing was deployed, and what already ran there was graded. */
  live: boolean;
  /** Whether the course's images are the official ones or stand-ins made offline from Debian's packages. */
  images: ImageSource;
  /** The place from which "reachable from outside" was judged, in words. */
  outside: string;
  /** What could not be judged on this machine, a sentence each. */
  limits: string[];
}

export type ImageSource = 'registry' | 'stand-ins';

/** A command of a submission. Its environment is only what is given here. */
export interface Command extends Omit<Run, 'ask'> {
  /** Whether its standard input is a terminal at which nobody sits: fresh machines have one for it. */
  terminal?: boolean;
}

/**
 * Which of the engine's containers belong to the submission: all of them, or those with these ids. On a live host nobody saw
 * them being made. There it is the containers that have a role, and those that are connected with them.
 */
export type Stage = 'everything' | ReadonlySet<string> | 'around-the-roles';

export interface HostPolicy {
  /** Whether images may come from anywhere. */
  readonly foreignImages: boolean;
  /**
   * Begins to apply the policy: from now on, requests to the engine are the submission's.
   *
   * @param tokenSecret 32 bytes in hexadecimal, the same for all lab hosts of the lab: what one shows in place of a token for
   *   its swarm, the others take.
   */
  begin(rules: LabPolicy, tokenSecret: string): Promise<void>;
  /** What the policy has seen since then. */
  facts(): Promise<PolicyFacts>;
}

export interface LabHost extends AsyncDisposable {
  readonly engine: EngineFacts;
  /** The lab host's own engine. */
  readonly docker: Docker;
  readonly outside: Outside;
  readonly stage: Stage;
  /** Why experiments must not disturb what runs there; absent where they may. */
  readonly undisturbed?: string;
  /**
   * On a machine in use where experiments may disturb what runs: to be called before the first change. Writes down what is
   * there. It is put back when this host is disposed of.
   *
   * @param restarts What the experiments will restart, in the order in which it starts again.
   */
  readonly disturbing?: (restarts: Restart[]) => Promise<void>;
  /** A name that only this machine's own nameserver knows; absent where the machine's nameserver is not ours. */
  readonly privateName?: { name: string; address: string };
  /** An image on the engine that has `sleep`, for containers that only take up an address. */
  readonly placeholderImage: string;
  /** The folder in which submissions are placed. */
  readonly workplace: string;
  /** Everything a submission's command finds in its environment: nothing of the grader's. */
  readonly environment: Record<string, string>;
  /** On a machine that others use, too: the gate through which a submission reaches its engine. */
  readonly gate?: Gate;
  /** On a fresh machine: how much a submission may use of it, and how much it has used up. */
  readonly bounded?: { bounds: Bounds; reached: () => Promise<Reached> };
  /** On a fresh machine: the rules by which its engine refuses requests of a submission. */
  readonly policy?: HostPolicy;
  /** Asks the probe agent; see protocol.ts. */
  ask<Q extends ProbeQuestion>(place: Place, question: Q): Promise<AnswerTo<Q>>;
  /** Runs a command of a submission. */
  run(command: Command): Promise<RunAnswer>;
  /** The text of a regular file in the workplace, cut at 64 KiB; undefined when there is none. */
  readText(path: string): Promise<string | undefined>;
  /** Copies a folder's regular files, folders and symbolic links (as links) to `target`, in the workplace. */
  upload(source: Contents, target: string): Promise<void>;
  /** Why nothing can be downloaded from there; absent where the machine has a way out to the network. */
  readonly sealed?: string;
  /** A subnet that nothing on the lab host uses. Each call gives another one. */
  spareSubnet(): Promise<string>;
  /** Why the machine can no longer be used; undefined while it can. */
  lost?(): string | undefined;
  /** Leaves the machine running under this name; it is not used any more afterwards. Absent where machines are not ours. */
  keep?(name: string): Promise<Kept>;
  /**
   * Puts a wire between this machine and another one; absent where machines are not ours.
   *
   * @returns the addresses on it: of this machine, and of the other one.
   */
  link?(other: LabHost): Promise<string[]>;
}
