/** What deploying and probing need of a machine with a Docker Engine; they never learn which kind it is. */
import type Docker from 'dockerode';
import type { Link } from './link.ts';
import type { AnswerTo, Place, Question } from '../probe/protocol.ts';

export interface EngineFacts {
  version: string;
  apiVersion: string;
  host: 'disposable' | 'local' | 'ssh';
  /** Whether the course's images are the official ones or stand-ins made offline from Debian's packages. */
  images: ImageSource;
}

export type ImageSource = 'registry' | 'stand-ins';

export interface LabHost extends AsyncDisposable {
  readonly engine: EngineFacts;
  /** The lab host's own engine. */
  readonly docker: Docker;
  /** The lab host's address as its neighbour machine (`outside`) sees it. */
  readonly publicAddresses: string[];
  /**
   * A port of ours on this machine: it was open to the neighbour machine before anything was deployed, so if it no
   * longer is, that is the submission's doing.
   */
  readonly canaryPort: number;
  /** A name that only this machine's own nameserver knows, where the machine is ours to arrange. */
  readonly privateName?: { name: string; address: string };
  /** Asks the probe agent; see protocol.ts. */
  ask<Q extends Question>(place: Place, question: Q): Promise<AnswerTo<Q>>;
  /** A subnet that nothing on the lab host uses yet; another one each time. */
  spareSubnet(): string;
  /** Puts this machine and another one on a network of their own; absent where machines are not ours to arrange. */
  link?(other: LabHost): Promise<Link>;
  /** Copies a folder's regular files, folders and symbolic links (as links) to `target` on the lab host. */
  upload(folder: string, target: string): Promise<void>;
}
