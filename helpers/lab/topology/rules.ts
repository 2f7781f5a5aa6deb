/** The rules that follow from a topology, in the order in which a student reads them. */
import { backendsOf, networksOf, sharedNetworks, type Topology } from './topology.ts';

export type Rule =
  | { rule: 'running' }
  | { rule: 'networks' }
  | { rule: 'attached'; role: string; networks: string[] }
  | { rule: 'published'; role: string }
  | { rule: 'closed'; publics: string[] }
  | { rule: 'resolves'; from: string; to: string; by: string; over: string }
  | { rule: 'embedded-dns' }
  | { rule: 'speaks'; role: string }
  | { rule: 'end-to-end'; front: string; backends: string[] }
  | { rule: 'isolated'; target: string; from: string[]; control: string }
  | { rule: 'renumbered'; fronts: string[] };

/** The weights of the rules. Points are in proportion to them, and sum to 100. */
const WEIGHTS: Record<Rule['rule'], number> = {
  running: 6,
  networks: 6,
  attached: 8,
  published: 8,
  closed: 8,
  resolves: 6,
  'embedded-dns': 4,
  speaks: 4,
  'end-to-end': 12,
  isolated: 10,
  renumbered: 6,
};
const POINTS = 100;

/**
 * Derives the rules. There is no `isolated` rule for a role without a link to it: no other role could serve as the
 * control that shows that it can be reached at all.
 */
export function rulesOf(topology: Topology): Rule[] {
  const { roles, links } = topology;
  const publics = roles.filter((role) => role.public).map(({ name }) => name);
  const fronts = publics.filter((role) => backendsOf(topology, role).length > 0);
  const isolated = roles.flatMap(({ name, public: isPublic }): Rule[] => {
    const control = links.find(({ to }) => to === name)?.from;
    const from = roles.filter(
      (other) => other.name !== name && sharedNetworks(topology, other.name, name).length === 0,
    );
    if (isPublic || control === undefined || from.length === 0) return [];
    return [{ rule: 'isolated', target: name, from: from.map((each) => each.name), control }];
  });
  return [
    { rule: 'running' },
    { rule: 'networks' },
    ...roles.map(({ name }): Rule => ({ rule: 'attached', role: name, networks: networksOf(topology, name) })),
    ...publics.map((role): Rule => ({ rule: 'published', role })),
    { rule: 'closed', publics },
    ...links.map((link): Rule => ({ rule: 'resolves', ...link })),
    { rule: 'embedded-dns' },
    ...roles.filter(({ protocol }) => protocol === 'mongodb').map(({ name }): Rule => ({ rule: 'speaks', role: name })),
    ...fronts.map((front): Rule => ({ rule: 'end-to-end', front, backends: backendsOf(topology, front) })),
    ...isolated,
    ...(fronts.length > 0 ? [{ rule: 'renumbered', fronts } satisfies Rule] : []),
  ];
}

/** A rule as a topology file names it, e.g. `attached nginx` or `resolves nginx flask-app`. */
export function ruleKey(rule: Rule): string {
  switch (rule.rule) {
    case 'attached':
    case 'published':
    case 'speaks':
      return `${rule.rule} ${rule.role}`;
    case 'resolves':
      return `resolves ${rule.from} ${rule.to}`;
    case 'end-to-end':
      return `end-to-end ${rule.front}`;
    case 'isolated':
      return `isolated ${rule.target}`;
    case 'running':
    case 'networks':
    case 'closed':
    case 'embedded-dns':
    case 'renumbered':
      return rule.rule;
  }
}

/** The rules by criterion id: the id that the topology gives, or else a derived one. */
export function rulesById(topology: Topology): Map<string, Rule> {
  const rules = rulesOf(topology);
  return new Map(rules.map((rule) => [topology.ids[ruleKey(rule)] ?? derivedId(rule, rules), rule]));
}

function derivedId(rule: Rule, all: Rule[]): string {
  switch (rule.rule) {
    case 'running':
      return 'containers-running';
    case 'networks':
      return 'networks-exist';
    case 'attached':
      return `${rule.role}-networks`;
    case 'published':
      return `${rule.role}-published`;
    case 'closed':
      return `only-${rule.publics.join('-and-')}-published`;
    case 'resolves':
      return `${rule.from}-resolves-${rule.by.replace(/[^a-z0-9]+/g, '-')}`;
    case 'embedded-dns':
      return 'embedded-dns';
    case 'speaks':
      return `real-${rule.role}`;
    case 'end-to-end':
      return all.filter((each) => each.rule === 'end-to-end').length > 1 ? `${rule.front}-end-to-end` : 'end-to-end';
    case 'isolated':
      return rule.from.length > 1 ? `${rule.target}-isolated` : `${rule.from.join()}-cannot-reach-${rule.target}`;
    case 'renumbered':
      return 'by-name-not-by-address';
  }
}

/**
 * Whole points in proportion to the rules' weights. Points lost by rounding go to the rules with the largest
 * remainders.
 */
export function pointsOf(rules: Rule[]): number[] {
  const total = rules.reduce((sum, { rule }) => sum + WEIGHTS[rule], 0);
  const exact = rules.map(({ rule }) => (WEIGHTS[rule] * POINTS) / total);
  const points = exact.map(Math.floor);
  const left = POINTS - points.reduce((sum, each) => sum + each, 0);
  const byRemainder = exact
    .map((each, i) => ({ i, remainder: each % 1 }))
    .sort((a, b) => b.remainder - a.remainder || a.i - b.i);
  for (const { i } of byRemainder.slice(0, left)) points[i]! += 1;
  return points;
}
