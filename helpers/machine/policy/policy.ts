/** The policy of one lab host: decides about each request, and records what was asked and what was denied. */
import { timingSafeEqual } from 'node:crypto';
import { Counts } from './counts.ts';
import { decide, headerOf, type ApiRequest } from './decide.ts';
import { inOneLine, type Denial } from './denial.ts';
import { routeOf } from './route.ts';
import type { Counted, PolicyContext, PolicyRules } from './rules.ts';

/** The header that the grader sends with each of its own requests; in lower case. */
export const KEY_HEADER = 'x-netgrade-key';

const MOST_DENIED = 20;
const MOST_CALLS = 200;
const MOST_PATH = 160;

export interface DeniedRequest extends Denial {
  /** Method and path, e.g. `POST /containers/create`. */
  request: string;
}

/** The submission's requests to the engine. */
export interface PolicyFacts {
  /** The first requests that were denied. */
  denied: DeniedRequest[];
  deniedInAll: number;
  /** Number of requests that change nothing. */
  looks: number;
  /** The most recent requests that change something, in order, e.g. `allowed POST /networks/create`. */
  calls: string[];
}

const DELETED: [RegExp, Counted][] = [
  [/^\/containers\/[^/]+$/, 'container'],
  [/^\/networks\/[^/]+$/, 'network'],
  [/^\/volumes\/[^/]+$/, 'volume'],
];

export class Policy {
  readonly #key: string;
  readonly #context: PolicyContext;
  #rules: PolicyRules;
  #counts = new Counts();
  #facts = nothingAsked();

  /** @param key The secret in `KEY_HEADER` of the grader's own requests, which are not judged. */
  constructor(key: string, rules: PolicyRules, context: PolicyContext) {
    this.#key = key;
    this.#rules = rules;
    this.#context = context;
  }

  /** Called before the submission is deployed: from now on, requests are judged by these rules. */
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
    const { denied, makes } = decide(request, this.#rules, this.#context);
    const verdict = denied ?? (makes === undefined ? undefined : this.#counts.take(makes));
    this.#note(request, verdict);
    return verdict;
  }

  /** @param status The status of the engine's answer. Engines 20.10 to 28 report their own errors as 200, too. */
  answered(request: ApiRequest, status: number): void {
    const route = routeOf(request.method, request.uri);
    if (route === undefined || !route.changes || this.#isOurs(request)) return;
    const { method, path } = route;
    if (method === 'DELETE' && status === 204) {
      const kind = DELETED.find(([pattern]) => pattern.test(path))?.[1];
      if (kind !== undefined) this.#counts.give(kind);
    }
    if (/^\/(containers|networks|volumes)\/create$/.test(path) && status !== 201) {
      const { makes } = decide(request, this.#rules, this.#context);
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
