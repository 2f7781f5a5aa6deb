/** The policy at work on one lab host: decides request by request, and keeps in mind what was asked and what was denied. */
import { timingSafeEqual } from 'node:crypto';
import { Counts } from './counts.ts';
import { decide, headerOf, type ApiRequest } from './decide.ts';
import { inOneLine, type Denial } from './denial.ts';
import { routeOf } from './route.ts';
import type { Counted, Ground, PolicyRules } from './rules.ts';

/** Sent by the grader with each of its own requests; in lower case. */
export const KEY_HEADER = 'x-netgrade-key';

const MOST_DENIED = 20;
const MOST_CALLS = 200;
const MOST_PATH = 160;

export interface DeniedRequest extends Denial {
  /** Method and path, e.g. `POST /containers/create`. */
  request: string;
}

/** What the submission asked of the engine. */
export interface PolicyFacts {
  /** The first of them. */
  denied: DeniedRequest[];
  deniedInAll: number;
  /** How often it only looked. */
  looks: number;
  /** The last of the requests that change something, in order: `allowed POST /networks/create`. */
  calls: string[];
}

const DELETED: [RegExp, Counted][] = [
  [/^\/containers\/[^/]+$/, 'container'],
  [/^\/networks\/[^/]+$/, 'network'],
  [/^\/volumes\/[^/]+$/, 'volume'],
];

export class Policy {
  readonly #key: string;
  readonly #ground: Ground;
  #rules: PolicyRules;
  #counts = new Counts();
  #facts = nothingAsked();

  /** @param key What the grader's own requests carry. */
  constructor(key: string, rules: PolicyRules, ground: Ground) {
    this.#key = key;
    this.#rules = rules;
    this.#ground = ground;
  }

  /** From now on it is a submission that asks. */
  begin(rules: PolicyRules): void {
    this.#rules = rules;
    this.#counts = new Counts();
    this.#facts = nothingAsked();
  }

  get facts(): PolicyFacts {
    return this.#facts;
  }

  /** @returns why the request is not carried out; undefined when it is. */
  judge(request: ApiRequest): Denial | undefined {
    if (this.#isOurs(request)) return undefined;
    const { denied, makes } = decide(request, this.#rules, this.#ground);
    const verdict = denied ?? (makes === undefined ? undefined : this.#counts.take(makes));
    this.#note(request, verdict);
    return verdict;
  }

  /** @param status Of the engine's answer. An error that the engine itself finds is told as 200 (Engine 20.10 to 28). */
  answered(request: ApiRequest, status: number): void {
    const route = routeOf(request.method, request.uri);
    if (route === undefined || !route.changes || this.#isOurs(request)) return;
    const { method, path } = route;
    if (method === 'DELETE' && status === 204) {
      const kind = DELETED.find(([pattern]) => pattern.test(path))?.[1];
      if (kind !== undefined) this.#counts.give(kind);
    }
    if (/^\/(containers|networks|volumes)\/create$/.test(path) && status !== 201) {
      const { makes } = decide(request, this.#rules, this.#ground);
      if (makes !== undefined) this.#counts.give(makes);
    }
  }

  #isOurs(request: ApiRequest): boolean {
    const said = Buffer.from(headerOf(request, KEY_HEADER));
    const key = Buffer.from(this.#key);
    return said.length === key.length && timingSafeEqual(said, key);
  }

  #note(request: ApiRequest, denied: Denial | undefined): void {
    const route = routeOf(request.method, request.uri);
    const called = inOneLine(`${request.method} ${route?.path ?? request.uri}`).slice(0, MOST_PATH);
    const { denied: all, calls } = this.#facts;
    if (denied !== undefined) {
      this.#facts.deniedInAll++;
      if (all.length < MOST_DENIED) all.push({ request: called, ...denied });
    }
    if (denied === undefined && route?.changes === false) this.#facts.looks++;
    else calls.push(`${denied === undefined ? 'allowed' : 'denied'} ${called}`);
    if (calls.length > MOST_CALLS) calls.shift();
  }
}

function nothingAsked(): PolicyFacts {
  return { denied: [], deniedInAll: 0, looks: 0, calls: [] };
}
