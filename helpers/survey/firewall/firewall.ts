/** What of a lab host's firewall the engine did not make, and what that lets through. */
import type { FirewallAnswer } from '../../machine/probe/protocol.ts';
import type { ContainerFacts, FirewallFacts, NetworkFacts, PassageFacts, SandboxFacts } from '../facts.ts';
import { isAlive, openPorts, usesHostSandbox } from '../subjects.ts';
import { doorsIn, nativeRules, type NativeRule } from './doors.ts';
import { elementsIn, portsMentioned } from './mentioned.ts';
import { bridgesOf, engineRules, type Bridge } from './engine-rules.ts';
import { passageOf, type Packet } from './passage.ts';
import { commandFor, policyCommand, tablesIn, targetOf, type Rule, type Table } from './rules.ts';

/** So many rules are kept in the survey. */
const MOST_ADDED = 100;
/** Beyond this, it is not followed where rules lead. An engine with fifty containers has a fifth of it. */
const MOST_RULES = 5_000;
/** Modes in which the engine itself lets packets of IPv4 from other networks in (Engine 27 and later): probes see that. */
const GATEWAY_MODE = 'com.docker.network.bridge.gateway_mode_ipv4';
const OPEN_GATEWAY_MODES = ['routed', 'nat-unprotected'];

interface Machine {
  containers: ContainerFacts[];
  networks: NetworkFacts[];
  sandboxes: Record<string, SandboxFacts>;
}

export function firewallFacts({ saved, ruleset, cut }: FirewallAnswer, machine: Machine): FirewallFacts {
  const tables = saved.filter(({ whole }) => whole).flatMap(({ family, text }) => tablesIn(text, family));
  const bridges = bridgesOf(machine.networks);
  const isEngines = engineRules(bridges, machine.containers);
  const engines = tables.map((table) => ({ ...table, rules: table.rules.filter((rule) => isEngines(table, rule)) }));
  const others = tables.flatMap((table, i) => {
    const own = new Set(engines[i]!.rules);
    return table.rules.filter((rule) => !own.has(rule)).map((rule) => ({ table, rule }));
  });
  const whole = saved.every((each) => each.whole);
  const native = nativeRules(ruleset, whole);
  const added = [
    ...others.map(({ table, rule }) => commandFor(table, rule)),
    ...tables.flatMap(policiesSet),
    ...native.map(({ command }) => command),
  ];
  const countless = cut || tables.reduce((sum, { rules }) => sum + rules.length, 0) > MOST_RULES;
  // Rules of nft's own let nothing through that the engine's rules in another backend stop.
  const isShown = whole || engines.some(({ rules }) => rules.length > 0);
  const unclear = countless ? 'too many' : isShown ? undefined : 'not shown';
  return {
    added: added.slice(0, MOST_ADDED),
    addedInAll: added.length,
    doors: doorsIn(others, native),
    ports: portsMentioned([
      ...others.map(({ rule }) => rule.text),
      ...native.map(({ text }) => text),
      ...elementsIn(ruleset),
    ]),
    passages: unclear
      ? []
      : passages(machine, bridges, {
          tables,
          engines,
          others: new Set(others.map(({ rule }) => rule)),
          may: whatMayBecome(others, native),
        }),
    ...(unclear !== undefined && { unclear }),
  };
}

/** What rules that the engine did not make may do to a packet before its way through the firewall is decided. */
function whatMayBecome(others: { rule: Rule }[], native: NativeRule[]): Pick<Packet, 'redirected' | 'untracked'> {
  const has = (targets: string[], words: RegExp): boolean =>
    others.some(({ rule }) => targets.includes(targetOf(rule).target ?? '')) ||
    native.some(({ text }) => words.test(text));
  return {
    redirected: has(['DNAT', 'NETMAP'], /\bdnat\b/),
    untracked: has(['CT', 'NOTRACK'], /\bnotrack\b/),
  };
}

/** Policies that neither the kernel nor the engine sets. The engine closes FORWARD of IPv4 (and of IPv6 where it forwards that). */
function policiesSet(table: Table): string[] {
  const usual = (chain: string): string[] => {
    if (chain !== 'FORWARD' || table.name !== 'filter') return ['ACCEPT', '-'];
    return table.family === 4 ? ['DROP', '-'] : ['ACCEPT', 'DROP', '-'];
  };
  return [...table.policies]
    .filter(([chain, policy]) => !usual(chain).includes(policy))
    .map(([chain, policy]) => policyCommand(table, chain, policy));
}

/**
 * The pairs of containers that have no network in common, and between which packets could pass: as the firewall is, or as
 * it would be with the engine's rules only.
 */
function passages(
  { containers, networks, sandboxes }: Machine,
  bridges: Bridge[],
  {
    tables,
    engines,
    others,
    may,
  }: {
    tables: Table[];
    engines: Table[];
    others: Set<Rule>;
    may: Pick<Packet, 'redirected' | 'untracked'>;
  },
): PassageFacts[] {
  const open = networks.filter(({ options }) => OPEN_GATEWAY_MODES.includes(options[GATEWAY_MODE] ?? ''));
  const judged = new Map(
    bridges
      .filter(({ networkId }) => !open.some(({ id }) => id === networkId))
      .map((each) => [each.networkId, each.name]),
  );
  const alive = containers.filter((each) => isAlive(each) && !usesHostSandbox(each));
  return alive.flatMap((from) =>
    alive
      .filter((to) => to.sandboxOf !== from.sandboxOf && !shareNetwork(from, to))
      .flatMap((to) =>
        packetsBetween(from, to, judged, openPorts(sandboxes[to.name]?.listeners ?? [])).flatMap((packet) => {
          const { passes, by } = passageOf({ ...packet, ...may }, tables);
          const held = others.size === 0 ? !passes : !passageOf(packet, engines).passes;
          if (held && !passes) return [];
          const rules = by.filter(({ rule }) => others.has(rule)).map(({ table, rule }) => commandFor(table, rule));
          const pair = { from: from.name, to: to.name, address: packet.destination };
          return [{ ...pair, passes, rules: [...new Set(rules)].slice(0, 3), heldByEngine: held }];
        }),
      ),
  );
}

function shareNetwork(one: ContainerFacts, other: ContainerFacts): boolean {
  return one.attachments.some(({ networkId }) => other.attachments.some((each) => each.networkId === networkId));
}

/** @param bridges Names of bridges by the network's id. */
function packetsBetween(
  from: ContainerFacts,
  to: ContainerFacts,
  bridges: Map<string, string>,
  ports: number[],
): Packet[] {
  const ends = ({ attachments }: ContainerFacts): { bridge: string; address: string }[] =>
    attachments.flatMap(({ networkId, addresses }) => {
      const bridge = bridges.get(networkId);
      return addresses
        .filter((address) => bridge !== undefined && !address.includes(':'))
        .map((address) => ({ bridge: bridge!, address }));
    });
  return ends(from).flatMap((source) =>
    ends(to).map((target) => ({
      in: source.bridge,
      out: target.bridge,
      source: source.address,
      destination: target.address,
      ports,
    })),
  );
}
