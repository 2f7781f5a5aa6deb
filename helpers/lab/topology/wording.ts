/** Titles and hints of derived rules. */
import type { Rule } from './rules.ts';
import { roleOf, wayBetween, type Topology } from './topology.ts';

export interface Wording {
  title: string;
  hint: string;
}

const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const DNS_HINT =
  'Docker’s DNS knows container names, Compose services and network aliases, on user-defined networks that both containers share. The hosts file is not DNS.';

export function wordingOf(rule: Rule, topology: Topology): Wording {
  const called = (name: string): string => roleOf(topology, name).called;
  const names = topology.roles.map(({ name }) => name);
  const networks = topology.networks.map(({ name }) => name);
  switch (rule.rule) {
    case 'running':
      return {
        title: `${listed(names)} run and stay up`,
        hint: 'Look at `docker ps --all`: which container is missing, has exited or keeps restarting? `docker logs` of that container says why.',
      };
    case 'networks':
      return {
        title: `${listed(networks)} ${networks.length > 1 ? `exist, ${networks.length > 2 ? 'all' : 'both'} user-defined bridge networks` : 'exists, a user-defined bridge network'}`,
        hint: 'Compare the names and drivers in `docker network ls` with the hand-out, letter by letter.',
      };
    case 'attached':
      return {
        title: sentence(`${called(rule.role)} is on ${listed(rule.networks)} and on nothing else`),
        hint: attachedHint(rule.role, topology),
      };
    case 'published':
      return {
        title: sentence(`${called(rule.role)} answers HTTP from outside the machine`),
        hint: `EXPOSE only documents a port. Look at \`docker port\` of the ${rule.role} container: which host address and port lead to it, and does ${called(rule.role)} listen behind it?`,
      };
    case 'closed':
      return {
        title: `${rule.publics.length > 1 ? `No container but ${listed(rule.publics.map(called))}` : 'No other container'} can be reached from outside the machine`,
        hint: `Look at the PORTS column of \`docker ps\`: which containers besides ${listed(rule.publics.map(called))} publish a port, and does anyone outside need it?`,
      };
    case 'resolves':
      return {
        title: sentence(`${called(rule.from)} finds ${called(rule.to)} by the name ${rule.by}, through Docker’s DNS`),
        hint: DNS_HINT,
      };
    case 'embedded-dns':
      return {
        title: `All ${NUMBERS[names.length] ?? names.length} use Docker’s embedded DNS server`,
        hint: 'Read /etc/resolv.conf inside each container. Which kind of network gives a container the server 127.0.0.11?',
      };
    case 'speaks':
      return {
        title: sentence(`${called(rule.role)} is a MongoDB that others can talk to`),
        hint: `Which image and which command does the ${rule.role} container run, and on which address does it listen?`,
      };
    case 'end-to-end':
      return endToEnd(rule, topology);
    case 'isolated':
      return {
        title: sentence(
          `${listed(rule.from.map(called))} cannot reach ${called(rule.target)}, while ${called(rule.control)} can`,
        ),
        hint: `There is a path between ${rule.from.length > 1 ? 'one of them' : called(rule.from.join())} and ${called(rule.target)}: a network that both are on, or a port of ${called(rule.target)} published on the host.`,
      };
    case 'renumbered':
      return {
        title: 'Everything still works after every address has changed',
        hint: 'Search the code, the configuration and the environment for an IP address. Addresses change; names stay.',
      };
  }
}

function attachedHint(role: string, topology: Topology): string {
  const { called } = roleOf(topology, role);
  const peersOf = (side: 'from' | 'to'): string[] =>
    topology.links
      .filter((link) => link[side === 'from' ? 'to' : 'from'] === role)
      .map((link) => roleOf(topology, link[side]).called);
  const [callers, callees] = [peersOf('from'), peersOf('to')];
  if (callers.length > 0 && callees.length > 0) {
    return `${capital(called)} stands between ${listed(callers)} and ${listed(callees)}. Look at the networks it is attached to: which of them does it share with whom?`;
  }
  if (callees.length > 0) {
    return `Which networks does ${called} need for the ${callees.length > 1 ? 'containers' : 'one container'} it talks to? A container that names no network is put on a default one.`;
  }
  return `Who has to reach ${called}? Look at every network it is attached to. A container that names no network is put on a default one.`;
}

function endToEnd({ front, backends }: { front: string; backends: string[] }, topology: Topology): Wording {
  const way = wayBetween(topology, front, backends[0] ?? front);
  const passed = way.slice(0, -1).map((name) => roleOf(topology, name).called);
  const asked = listed(backends.map((name) => roleOf(topology, name).called));
  const logs = way.map((name) => `of ${roleOf(topology, name).called}`).join(', then ');
  return {
    title: `A request from outside goes through ${listed(passed)} and really asks ${asked}`,
    hint: `Follow one request: \`docker logs\` ${logs}. Where does it stop?`,
  };
}

export function listed(items: string[]): string {
  return items.length < 2 ? items.join('') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

/** Capitalises a title that begins with an article; a role's own name stays as it is written. */
function sentence(text: string): string {
  return /^(the|an?) /.test(text) ? capital(text) : text;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
