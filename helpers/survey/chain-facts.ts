/** How requests went through the application, as a witness saw them on the wire. */
import { OUTSIDE } from '../lab/survey-plan.ts';
import type { DatabaseReply } from '../machine/probe/mongo-wire.ts';

/** What was seen of several requests on their way from a front to a backend. */
export interface ChainFacts {
  /** The roles on the way, from the front to the backend. */
  way: string[];
  /** The first requests and the last ones. */
  requests: FollowedRequest[];
  /** How many requests there were in all. */
  count: number;
  /** How many of them went the whole way and back. */
  whole: number;
  /** How many were seen to go another way; absent if none. */
  astray?: number;
}

export interface FollowedRequest {
  /** One for each two roles that stand beside each other on the way; or one from outside, if it did not come to the front. */
  links: LinkSeen[];
  /** The database's reply to the last command of the request, if the backend is one whose protocol could be read. */
  reply?: DatabaseReply;
  /** That its replies are of a kind that cannot be read: encrypted or compressed. */
  unread?: true;
}

export interface LinkSeen {
  /** Roles, or `OUTSIDE`. */
  from: string;
  to: string;
  /** Bytes that `from` sent to `to`, and back. 0 if the link was silent. */
  asked: number;
  answered: number;
  /** Milliseconds from the request's arrival to the first byte; absent if the link was silent. */
  ms?: number;
  /** For a silent link: other containers that `from` asked meanwhile, and that asked `to`. By role or name. */
  insteadTo?: string[];
  insteadFrom?: string[];
}

/** Whether a request went over every link, and an answer came back. */
export function isWhole({ links }: FollowedRequest): boolean {
  return links.length > 0 && links.every(({ asked, answered }) => asked > 0 && answered > 0);
}

/** Whether the request did not come to the front, or a role on the way was asked by somebody else in place of the one who should. */
export function isAstray({ links }: FollowedRequest): boolean {
  return links.some(({ from, asked, insteadFrom = [] }) => asked === 0 && (from === OUTSIDE || insteadFrom.length > 0));
}

/** The first link that stayed silent in the last request that did not go the whole way. */
export function silentLinkOf({ requests }: ChainFacts): LinkSeen | undefined {
  return requests
    .findLast((each) => !isWhole(each))
    ?.links.find(({ asked, answered }) => asked === 0 || answered === 0);
}

/** The database's refusal, if the last request that reached it ended with one. */
export function refusalIn({ requests }: ChainFacts): DatabaseReply | undefined {
  const reply = requests.findLast(isWhole)?.reply;
  return reply?.refused === true ? reply : undefined;
}

/** Whether requests go the whole way, and the database does what it is asked. */
export function goesThrough(chain: ChainFacts): boolean {
  return goesTheWay(chain) && refusalIn(chain) === undefined;
}

/**
 * Whether requests take the way that they should. Not all have to: answers may come from a cache. But if more of them go another
 * way, those that seem to be right may be something else, which is asked in the background.
 */
export function goesTheWay({ whole, astray = 0 }: ChainFacts): boolean {
  return whole > astray;
}
