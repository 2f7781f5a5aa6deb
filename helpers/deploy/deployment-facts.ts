/** How a submission was brought up, and what came of it: what the deploy stage hands to the survey. */
export interface DeploymentFacts {
  how: 'compose' | 'script' | 'live';
  /** As a student would type it, in `directory`. */
  command: string;
  directory: string;
  /** null when it was ended by the timeout. */
  exitCode: number | null;
  timedOut: boolean;
  output: string;
  /** Images that it names, and that no registry has. */
  noSuchImages?: string[];
  ms: number;
  /** Milliseconds since 1970 by the machine's own clock; absent where nobody looked at it. */
  startedAt?: number;
}
