/** The parts of the policy that depend on the lab, the course and the lab host; decide.ts has the policy itself. */

export interface PolicyRules {
  /** Whether the submission may make or join a swarm of several machines. */
  swarm: boolean;
  /** Whether images may come from anywhere; otherwise only the course's own may be used. */
  foreignImages: boolean;
}

export const DEFAULT_RULES: PolicyRules = { swarm: false, foreignImages: true };

/** How many of each kind may exist at a time on one lab host: more than any lab needs, but few enough to do no harm. */
export const MOST = { container: 50, network: 30, volume: 50, image: 50 };

export type Counted = keyof typeof MOST;

/** How many containers with `--rm` may be started in all: the policy does not see when they remove themselves. */
export const MOST_FLEETING = 500;

/** Repositories of the images that the course's hand-outs use. */
export const COURSE_REPOSITORIES = ['nginx', 'python', 'mongo', 'busybox', 'alpine'];

/** What the policy needs to know about the machine on which it judges requests. */
export interface PolicyContext {
  /** The folder that contains the submission's files. */
  workplace: string;
  /** The machine's folder for temporary files, in which there is nothing but what the submission puts there. */
  scratch: string;
  /** The path with all links followed; the file at the end need not exist. Undefined when there are too many on the way. */
  realPath: (path: string) => string | undefined;
  /** Called with each file or folder of the machine that a request may mount. */
  mayBeMounted?: (source: string) => void;
}
