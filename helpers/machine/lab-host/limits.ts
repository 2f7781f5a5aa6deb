/**
 * What each kind of host can and cannot judge. The table in docs/hosts.md is made from this, and so is what every record says
 * about its own host (`engine.limits`).
 */
import type { HostKind } from './lab-host.ts';

/** A kind of host, and whether the submission is deployed there or already runs there (`live`). */
export type Way = HostKind | 'local live' | 'ssh live';

export const WAYS: Way[] = ['disposable', 'local', 'local live', 'ssh', 'ssh live'];

export interface Ability {
  what: string;
  /** By way: `yes`, or what the limit is. */
  on: Record<Way, string>;
}

const YES = 'yes';
const DISTURBS = 'only with --allow-disturb: it pauses and restarts containers and changes their addresses';
const NEEDS_TWO = 'no: it takes two machines that the grader can arrange';
const NEEDS_OWN_DNS = 'no: it takes a nameserver with a name that no other one knows';
const NEEDS_HOSTS_LINE = 'only where the machine’s own /etc/hosts has an entry that a container could inherit';
const FORGETFUL = 'as long as the engine remembers: it keeps its last 256 events';
const NOT_FROM_AFAR = 'not noticed: from the grading machine their addresses are nobody’s, or somebody else’s';
const NEIGHBOURHOOD =
  'of those that share a network, a sandbox or a Compose project with a role; others on the machine are not looked at';

const everywhere = (limit: string): Record<Way, string> => ({
  disposable: limit,
  local: limit,
  'local live': limit,
  ssh: limit,
  'ssh live': limit,
});

export const ABILITIES: Ability[] = [
  { what: 'containers, networks, names, isolation', on: everywhere(YES) },
  {
    what: '“reachable from outside” is judged from',
    on: {
      ...everywhere('another machine: a network namespace behind a wire of its own'),
      ssh: 'the grading machine, across the network; a namespace on the machine itself when a jump host is between',
      'ssh live':
        'the grading machine, across the network; a namespace on the machine itself when a jump host is between',
    },
  },
  {
    what: '`only-nginx-published` and the like: which containers are held against the rule',
    on: {
      ...everywhere('all that the submission made'),
      disposable: 'all',
      'local live': NEIGHBOURHOOD,
      'ssh live': NEIGHBOURHOOD,
    },
  },
  {
    what: 'containers that a network’s gateway mode (`routed`, `nat-unprotected`) opens to other machines',
    on: { ...everywhere(YES), ssh: NOT_FROM_AFAR, 'ssh live': NOT_FROM_AFAR },
  },
  {
    what: '`end-to-end`, `by-name-not-by-address`',
    on: { ...everywhere(YES), 'local live': DISTURBS, 'ssh live': DISTURBS },
  },
  { what: '`overlay-network`', on: { ...everywhere(NEEDS_TWO), disposable: YES } },
  { what: '`embedded-forwards-to-host`', on: { ...everywhere(NEEDS_OWN_DNS), disposable: YES } },
  { what: '`hosts-not-inherited`', on: { ...everywhere(NEEDS_HOSTS_LINE), disposable: YES } },
  {
    what: '`same-process-still-running`',
    on: { ...everywhere(YES), 'local live': FORGETFUL, 'ssh live': FORGETFUL },
  },
  {
    what: '`q1` … `q11` of `inspect-busybox`',
    on: {
      ...everywhere('consistency; exact when run.sh writes the answers there'),
      'local live': 'exact, against this machine',
      'ssh live': 'exact, against that machine',
    },
  },
];

export function wayOf(host: HostKind, live: boolean): Way {
  if (host === 'disposable') return host;
  return live ? `${host} live` : host;
}

/** What is limited on a host of this kind, a sentence each. */
export function limitsOf(way: Way): string[] {
  return ABILITIES.filter(({ on }) => /^(no|not|only|as long as|of those)\b/.test(on[way])).map(
    ({ what, on }) => `${what}: ${on[way]}`,
  );
}
