/** How a submission was brought up, and what came of it: what the deploy stage hands to the survey. */
import type { TracedCommand } from './trace.ts';

export interface DeploymentFacts {
  how: 'compose' | 'script' | 'live';
  /** As a student would type it, in `directory`. */
  command: string;
  directory: string;
  /** The Compose file or script, in `directory`. */
  file?: string;
  /** Why it was brought up in this way: the rest of a sentence that begins with "because". */
  why?: string;
  /** What of the submission was not read literally, each a sentence for the student. */
  notes?: string[];
  /** null when the time limit ended it. */
  exitCode: number | null;
  timedOut: boolean;
  output: string;
  /** Of a script: the commands that it ran, in their order; absent where they could not be noted. */
  commands?: TracedCommand[];
  /** Paths in the submission's folder that its containers mount, and that were not handed in. */
  notHandedIn?: { source: string; path: string }[];
  /** Images that the submission names and no registry has. */
  noSuchImages?: string[];
  ms: number;
  /** Milliseconds since 1970 by the lab host's own clock; absent if that was not read. */
  startedAt?: number;
}
