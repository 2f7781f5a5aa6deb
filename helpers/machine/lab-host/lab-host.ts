/** What deploying and probing need of a machine with a Docker Engine; they never learn which kind it is. */
import type Docker from 'dockerode';
import type { Gate } from '../gate/gate.ts';
import type { AnswerTo, Place, ProbeQuestion, Run, RunAnswer } from '../probe/protocol.ts';
import type { PolicyFacts } from '../policy/policy.ts';
import type { LabPolicy } from '../../lab/lab-definition.ts';
import type { Bounds, Reached } from './disposable/bounds.ts';
import type { Link } from './disposable/link.ts';
import type { Contents } from '../../submission/contents.ts';
import type { Kept } from './kept.ts';
import type { Outside } from './outside.ts';

export type HostKind = 'disposable' | 'local' | 'ssh';

export interface EngineFacts {
  version: string;
  apiVersion: string;
  host: HostKind;
  /** Whether what runs there was looked at as it stood; otherwise the submission was deployed there. */
  live: boolean;
  /** Whether the course's images are the official ones or stand-ins made offline from Debian's packages. */
  images: ImageSource;
  /** From where "reachable from outside" was judged, in words. */
  outside: string;
  /** What could not be judged on this machine, a sentence each. */
  limits: string[];
}

export type ImageSource = 'registry' | 'stand-ins';

/** A command as a submission's own: only the environment given here. */
export type Command = Omit<Run, 'ask'>;

/**
 * Which of the engine's containers are the submission's: all of them, those with these ids, or, where nobody saw them
 * being made, those that play a role and whoever is connected with them.
 */
export type Stage = 'everything' | ReadonlySet<string> | 'around-the-roles';

export interface HostPolicy {
  /** Whether images may come from anywhere. */
  readonly foreignImages: boolean;
  /** From now on it is a submission that asks the engine. */
  begin(rules: LabPolicy): Promise<void>;
  /** What it has asked since. */
  facts(): Promise<PolicyFacts>;
}

export interface LabHost extends AsyncDisposable {
  readonly engine: EngineFacts;
  /** The lab host's own engine. */
  readonly docker: Docker;
  readonly outside: Outside;
  readonly stage: Stage;
  /** Why what runs there must not be disturbed by experiments; absent where it may be. */
  readonly undisturbed?: string;
  /** A name that only this machine's own nameserver knows, where the machine is ours to arrange. */
  readonly privateName?: { name: string; address: string };
  /** An image that is there and has `sleep`, for containers that only take an address. */
  readonly placeholderImage: string;
  /** The folder in which submissions are placed. */
  readonly workplace: string;
  /** Everything a submission's command finds in its environment: nothing of the grader's. */
  readonly environment: Record<string, string>;
  /** On a machine that is not ours alone: the door through which a submission reaches its engine. */
  readonly gate?: Gate;
  /** On a machine of ours: what a submission may use of it, and how far it has gone. */
  readonly bounded?: { bounds: Bounds; reached: () => Promise<Reached> };
  /** On a machine of ours: what its engine lets a submission do. */
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
  /** A subnet that nothing on the lab host uses; another one each time. */
  spareSubnet(): Promise<string>;
  /** Why the machine is gone in the middle of its use; undefined while it is there. */
  lost?(): string | undefined;
  /** Leaves the machine running under this name, and lets go of it; absent where machines are not ours. */
  keep?(name: string): Promise<Kept>;
  /** Puts this machine and another one on a network of their own; absent where machines are not ours to arrange. */
  link?(other: LabHost): Promise<Link>;
}
