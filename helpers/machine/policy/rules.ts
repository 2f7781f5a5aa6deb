/** What a lab, a course and a lab host make of the policy; decide.ts says what it is. */

export interface PolicyRules {
  /** The submission makes or joins a swarm of several machines. */
  swarm: boolean;
  /** Images may come from anywhere; otherwise only the course's own may be used. */
  foreignImages: boolean;
}

export const DEFAULT_RULES: PolicyRules = { swarm: false, foreignImages: true };

/** How many of each kind there may be at a time on one lab host: more than any lab needs, fewer than hurt. */
export const MOST = { container: 50, network: 30, volume: 50, image: 50 };

export type Counted = keyof typeof MOST;

/** `docker run --rm` in a loop that waits for something: these go by themselves, unseen by the policy. */
export const MOST_FLEETING = 500;

/** Repositories of the images that the course's hand-outs use. */
export const COURSE_REPOSITORIES = ['nginx', 'python', 'mongo', 'busybox', 'alpine'];

/** The machine on which a request is judged. */
export interface Ground {
  /** The folder whose contents are the submission's own. */
  workplace: string;
  /** Where a path leads when every link on the way is followed, whether or not there is anything. */
  realPath: (path: string) => string;
}
