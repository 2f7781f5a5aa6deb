/**
 * Rules for swarms. Only labs that are about a swarm of several machines have one at all. There, nobody gets a token with
 * which a manager could be asked past this policy: a token is only shown, and a swarm only joined, through the lab host's door
 * (helpers/machine/probe/agent/swarm-door.ts), which shows and takes substitutes.
 */
import { fieldOf, isNothing, type Json } from './body.ts';
import { denial, type Denial } from './denial.ts';
import type { PolicyRules } from './rules.ts';

const SERVICES = denial(
  'a service, secret or config of a swarm',
  'a swarm starts a service’s containers by itself, past the rules for containers',
  'Start containers with docker run or docker compose up; an overlay network made with --attachable takes them.',
);
const NO_SWARM = denial(
  'a swarm',
  'this lab is about one machine, and a swarm is for several',
  'Leave docker swarm and docker node out; a network of the driver bridge connects containers of one machine.',
);
const STRANGE_TOKEN = denial(
  'joining a swarm with this token',
  'it is none that a machine of this lab has given',
  'Hand on exactly what docker swarm join-token --quiet worker prints on the other machine.',
);
const TOKENS = denial(
  'a look at the swarm’s tokens on this way',
  'whoever has them can start anything on its machines',
  'Use docker swarm join-token in the script.',
);
const AUTHORITY = denial(
  'a certificate authority of your own',
  'whoever has its key is a manager of the swarm, past the rules for containers',
  'Leave it out: the swarm makes one for itself.',
);

/** What of the settings of a swarm's certificate authority somebody else could have (Docker Engine API 1.24 to 1.52). */
const OF_THE_AUTHORITY = ['ExternalCAs', 'SigningCACert', 'SigningCAKey'];

/** @param path Of a request that changes nothing. @param throughDoor Whether it comes from the lab host's door. */
export function deniedLookAtSwarm(path: string, throughDoor: boolean): Denial | undefined {
  return /^\/swarm\/?$/.test(path) && !throughDoor ? TOKENS : undefined; // its answer has the tokens in it
}

/**
 * @param method Of a request that changes something.
 * @param body The request's body, for `/swarm/init` and `/swarm/update`; undefined for others.
 * @returns undefined when it may be carried out; `unknown` when no rule knows it.
 */
export function deniedInSwarm(
  { method, path }: { method: string; path: string },
  body: Json | undefined,
  { swarm }: PolicyRules,
  throughDoor: boolean,
): Denial | 'unknown' | undefined {
  if (/^\/(services|tasks|secrets|configs)(\/|$)/.test(path)) return SERVICES;
  if (!swarm) return NO_SWARM;
  if (/^\/nodes\/[^/]+(\/update)?$/.test(path)) return method === 'POST' || method === 'DELETE' ? undefined : 'unknown';
  if (method !== 'POST' || !/^\/swarm\/(init|join|update|unlock)$/.test(path)) return 'unknown';
  if (path === '/swarm/join') return throughDoor ? undefined : STRANGE_TOKEN;
  // `init` has these settings in its `Spec`, `update` is a `Spec` itself.
  const places = [fieldOf(body, 'Spec'), body].map((each) => fieldOf(each, 'CAConfig'));
  const isForeign = places.some((each) => OF_THE_AUTHORITY.some((name) => !isNothing(fieldOf(each, name))));
  return isForeign ? AUTHORITY : undefined;
}
