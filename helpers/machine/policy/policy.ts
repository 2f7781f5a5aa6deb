/** The policy of one lab host: decides about each request, and records what was asked and what was denied. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { Counts } from './counts.ts';
import { Sources } from './sources.ts';
import { decide, headerOf, type ApiRequest } from './decide.ts';
import { inOneLine, type Denial } from './denial.ts';
import { routeOf } from './route.ts';
import type { Counted, PolicyContext, PolicyRules } from './rules.ts';

/** The header that the grader sends with each of its own requests; in lower case. */
export const KEY_HEADER = 'x-netgrade-key';
/** The header that the door to the swarm sends with the submission's requests; in lower case. */
export const DOOR_HEADER = 'x-netgrade-door';

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
  /** The secret in `DOOR_HEADER` of what comes through the door to the swarm. It is judged like any other request. */
  readonly doorKey = randomBytes(24).toString('hex');
  readonly #key: string;
  readonly #context: PolicyContext;
  #rules: PolicyRules;
  #counts = new Counts();
  #sources: Sources;
  #facts = nothingAsked();

  /** @param key The secret in `KEY_HEADER` of the grader's own requests, which are not judged. */
  constructor(key: string, rules: PolicyRules, context: PolicyContext) {
    this.#key = key;
    this.#rules = rules;
    this.#context = context;
    this.#sources = new Sources(context);
  }

  /** Called before the submission is deployed: from now on, requests are judged by these rules. */
  begin(rules: PolicyRules): void {
    this.#rules = rules;
    this.#counts = new Counts();
    this.#sources = new Sources(this.#context);
    this.#facts = nothingAsked();
  }

  get facts(): PolicyFacts {
    return this.#facts;
  }

  /** @returns why the request is not carried out; undefined when it is. */
  judge(request: ApiRequest): Denial | undefined {
    if (this.#isOurs(request)) return undefined;
    const throughDoor = hasSecret(request, DOOR_HEADER, this.doorKey);
    const { denied, makes } = decide({ ...request, throughDoor }, this.#rules, this.#sources.context);
    const verdict =
      denied ?? this.#sources.deniedNow(request) ?? (makes === undefined ? undefined : this.#counts.take(makes));
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
    return hasSecret(request, KEY_HEADER, this.#key);
  }

  #note(request: ApiRequest, denied: Denial | undefined): void {
    const route = routeOf(request.method, request.uri);
    const called = inOneLine(`${request.method} ${route?.path ?? request.uri}`.slice(0, MOST_PATH)).slice(0, MOST_PATH);
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

function hasSecret(request: ApiRequest, header: string, secret: string): boolean {
  const [said, key] = [Buffer.from(headerOf(request, header)), Buffer.from(secret)];
  return said.length === key.length && timingSafeEqual(said, key);
}

function nothingAsked(): PolicyFacts {
  return { denied: [], deniedInAll: 0, looks: 0, calls: [] };
}
