/** The results of the two experiments with an application: answers to the same request in different situations. */
import type { ChainFacts } from './chain-facts.ts';
import type { HttpAnswer } from '../machine/probe/protocol.ts';

export interface Experiments {
  /** Present if no experiments were made because what runs there must not be disturbed. Says so in words. */
  withheld?: string;
  backendAway: BackendAway[];
  newAddresses?: NewAddresses;
}

/** Answers to the same request, from outside, in one situation. */
export type Sample = Pick<HttpAnswer, 'outcome' | 'status' | 'location' | 'body' | 'ms'>;

/** How a request at one entrance is answered before, while and after a backend is paused. */
export interface ThroughOneDoor {
  /** The URL that is really asked. */
  url: string;
  /** The URL from which redirects lead there; absent if none do. */
  redirectedFrom?: string;
  /** How requests were seen to go before the backend was paused; absent where no witness could listen. */
  chain?: ChainFacts;
  /** Why they could not be seen, in words. */
  unseen?: string;
  before: Sample[];
  away: Sample[];
  after: Sample[];
  /**
   * How those who wait for the paused backend were told that it is away: what they asked in MongoDB's protocol was refused, or
   * their connections were ended. Absent if they were not told.
   */
  told?: 'refused' | 'ended';
  /** That the lab host does not let anybody answer in its place: an answer that would come only after a long wait is not seen. */
  cannotEnd?: true;
}

/** How a request from outside is answered before, while and after the backend is paused. */
export interface BackendAway extends ThroughOneDoor {
  /** Containers. */
  front: string;
  backend: string;
  /** 2 when the first try showed no difference and the experiment was repeated. */
  tries: number;
  /** Other entrances of the front, at which the answers did not depend on the backend. */
  others?: ThroughOneDoor[];
}

export interface NewAddresses {
  moved: { container: string; network: string; before: string; after: string }[];
  /** Containers that were started again meanwhile; absent in older records, where all were. */
  restarted?: string[];
  /** Containers that could not be started again, with the engine's words. */
  notStarted: Record<string, string>;
  requests: RepeatedRequest[];
}

/** Answers to the same request before and after every address was changed. */
export interface RepeatedRequest {
  front: string;
  url: string;
  before: Sample[];
  answers: Sample[];
}
