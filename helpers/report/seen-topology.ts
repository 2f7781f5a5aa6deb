/** A lab's topology for its record: what was seen, beside what the task asks for. */
import type { WantedTopology } from '../lab/lab-definition.ts';
import type { Survey } from '../survey/facts.ts';
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
          expected: { networks: wanted.networks, containers: wanted.containers },
          reach: reachOf(survey, wanted),
        }),
  };
}

function topologyOfMachine({ networks, containers, roles }: Survey, wanted: WantedTopology | undefined): SeenTopology {
  const roleOf = (container: string): string | undefined =>
    Object.keys(roles).find((role) => roles[role]?.found === 'one' && containersIn(roles[role]).includes(container));
  return {
    networks: networks.map(({ name, names, driver, internal, subnets }) => {
      const plays = wanted?.networks.find((each) => names.includes(each.name))?.name;
      return { name, ...(plays === undefined ? {} : { plays }), driver, internal, subnets };
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
