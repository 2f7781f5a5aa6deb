/** A lab's topology for its record: what was seen, beside what the task asks for. */
import type { WantedTopology } from '../lab/lab-definition.ts';
import { lookalikesOf } from '../judge/lookalikes.ts';
import type { ContainerFacts, NetworkFacts, Survey } from '../survey/facts.ts';
import { containersIn } from '../survey/roles.ts';
import { reachOf } from './reach.ts';
import type { SeenTopology } from './record.ts';

export function topologyOf(survey: Survey, wanted: WantedTopology | undefined): SeenTopology {
  const machines = [survey, survey.secondMachine].filter((each) => each !== undefined);
  const seen = machines.map((machine) => topologyOfMachine(machine, wanted));
  const networks = seen.flatMap((machine) => machine.networks);
  return {
    // Both machines report an overlay network; it is listed once.
    networks: networks.filter(({ name }, i) => networks.findIndex((other) => other.name === name) === i),
    containers: seen.flatMap(({ containers }, i) =>
      containers.map((container) => ({ ...(seen.length > 1 ? { machine: i + 1 } : {}), ...container })),
    ),
    ...(wanted === undefined
      ? {}
      : {
          expected: expectedOf(wanted),
          reach: reachOf(survey, wanted),
        }),
  };
}

/** What the task asks for, as far as it is drawn. */
export function expectedOf({ networks, containers }: WantedTopology): NonNullable<SeenTopology['expected']> {
  return { networks, containers };
}

function topologyOfMachine(survey: Survey, wanted: WantedTopology | undefined): SeenTopology {
  const { networks, containers, roles } = survey;
  const alike = wanted === undefined ? undefined : lookalikesIn(survey, wanted);
  const roleOf = (container: string): string | undefined =>
    Object.keys(roles).find((role) => roles[role]?.found === 'one' && containersIn(roles[role]).includes(container));
  return {
    networks: networks.map((network) => {
      const { name, names, driver, internal, subnets } = network;
      const plays = wanted?.networks.find((each) => names.includes(each.name))?.name;
      const looksLike = alike?.get(network);
      return {
        name,
        ...(plays === undefined ? {} : { plays }),
        ...(looksLike === undefined ? {} : { looksLike }),
        ...{ driver, internal, subnets },
      };
    }),
    containers: containers.map((container) => {
      const role = roleOf(container.name);
      return {
        name: container.name,
        ...(role === undefined ? {} : { role }),
        image: container.image,
        state: container.state.paused ? 'paused' : container.state.status,
        ...(container.sandboxOf === container.name ? {} : { sandboxOf: container.sandboxOf }),
        networks: container.attachments.map(({ network, addresses }) => ({ name: network, addresses })),
        ports: container.published.map(
          (each) => `${each.hostAddress}:${each.hostPort}->${each.containerPort}/${each.protocol}`,
        ),
      };
    }),
  };
}

/** The task's name for each network that evidently plays a part under another one, as the rules are judged. */
function lookalikesIn({ networks, containers, roles }: Survey, wanted: WantedTopology): Map<NetworkFacts, string> {
  const players = (role: string): ContainerFacts[] => {
    const finding = roles[role];
    return finding?.found === 'one' ? containers.filter(({ name }) => containersIn(finding).includes(name)) : [];
  };
  const parts = wanted.networks.map(({ name }) => ({
    name,
    members: wanted.containers.filter((each) => each.networks.includes(name)).map(({ role }) => players(role)),
  }));
  const found = lookalikesOf(parts, networks, Object.keys(roles).flatMap(players));
  return new Map([...found].map(([name, network]) => [network, name]));
}
