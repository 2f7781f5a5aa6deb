/**
 * Networks of other names that evidently play a part of the task, so that a wrong name costs the rule about the name and nothing
 * else. What is evident is tried in order; a network plays one part only, and a part that two could play has nobody.
 */
import { isSimilar } from '../base/similar-name.ts';
import type { ContainerFacts, NetworkFacts } from '../survey/facts.ts';

/** A network that the task asks for. */
export interface Part {
  name: string;
  /** The containers of each role that should be on it; empty for a role that nobody plays. */
  members: ContainerFacts[][];
}

/**
 * @param networks All networks of the machine.
 * @param players All containers that play a role.
 * @returns for the parts that no network of their name plays: the network that does. By the part's name.
 */
export function lookalikesOf(
  parts: Part[],
  networks: NetworkFacts[],
  players: ContainerFacts[],
): Map<string, NetworkFacts> {
  const names = parts.map(({ name }) => name);
  const has = (network: NetworkFacts, name: string): boolean => network.names.includes(name);
  const missing = parts.filter(({ name }) => !networks.some((network) => has(network, name)));
  const strangers = networks.filter(
    (network) => !network.predefined && !names.some((name) => has(network, name)) && players.some(on(network)),
  );
  const found = new Map<string, NetworkFacts>();
  const ways: ((part: Part, network: NetworkFacts) => boolean)[] = [
    (part, network) => hasAll(part, network) && !players.some((each) => on(network)(each) && !isMember(part, each)),
    ({ name }, network) => network.names.some((each) => isSimilar(each, name)),
    // Somebody is on it who should not be: that is another slip, which has a rule of its own.
    hasAll,
  ];
  for (const isEvident of ways) {
    const left = strangers.filter((network) => ![...found.values()].includes(network));
    const open = missing.filter(({ name }) => !found.has(name));
    const claims = open.map((part) => ({ part, claimed: left.filter((network) => isEvident(part, network)) }));
    for (const { part, claimed } of claims) {
      const [only, ...more] = claimed;
      const isContested = claims.some((other) => other.part !== part && other.claimed.includes(only!));
      if (only !== undefined && more.length === 0 && !isContested) found.set(part.name, only);
    }
  }
  return found;
}

function on({ id }: NetworkFacts): (container: ContainerFacts) => boolean {
  return ({ attachments }) => attachments.some(({ networkId }) => networkId === id);
}

function hasAll({ members }: Part, network: NetworkFacts): boolean {
  return members.every((players) => players.length > 0 && players.every(on(network)));
}

function isMember({ members }: Part, container: ContainerFacts): boolean {
  return members.flat().includes(container);
}
