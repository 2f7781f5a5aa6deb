/** The results of the two experiments with an application: answers to the same request in different situations. */
import type { HttpAnswer } from '../machine/probe/protocol.ts';

export interface Experiments {
  /** Present if no experiments were made because what runs there must not be disturbed. Says so in words. */
  withheld?: string;
  backendAway: BackendAway[];
  newAddresses?: NewAddresses;
}

/** Answers to the same request, from outside, in one situation. */
export type Sample = Pick<HttpAnswer, 'outcome' | 'status' | 'body' | 'ms'>;

/** How a request from outside is answered before, while and after the backend is paused. */
export interface BackendAway {
  /** Containers. */
  front: string;
  backend: string;
  url: string;
  before: Sample[];
  away: Sample[];
  after: Sample[];
  /** 2 when the first try showed no difference and the experiment was repeated. */
  tries: number;
}

export interface NewAddresses {
  moved: { container: string; network: string; before: string; after: string }[];
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
