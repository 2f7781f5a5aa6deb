/** What the two experiments with an application have shown: the same request in different situations. */
import type { HttpAnswer } from '../machine/probe/protocol.ts';

export interface Experiments {
  /** Why there are none: what runs there must not be disturbed. */
  withheld?: string;
  backendAway: BackendAway[];
  newAddresses?: NewAddresses;
}

/** Answers to the same request, from outside, in one situation. */
export type Sample = Pick<HttpAnswer, 'outcome' | 'status' | 'body' | 'ms'>;

/** What a request from outside is answered while the role that it should get to is stopped, and before and after. */
export interface BackendAway {
  /** Containers. */
  front: string;
  backend: string;
  url: string;
  before: Sample[];
  away: Sample[];
  after: Sample[];
  /** 2 when a first try showed no difference and everything was asked once more. */
  tries: number;
}

export interface NewAddresses {
  moved: { container: string; network: string; before: string; after: string }[];
  /** Containers that could not be started again, with the engine's words. */
  notStarted: Record<string, string>;
  requests: RepeatedRequest[];
}

/** The same request before everything got another address, and after. */
export interface RepeatedRequest {
  front: string;
  url: string;
  before: Sample[];
  answers: Sample[];
}
