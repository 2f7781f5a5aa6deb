/** What a topology asks for, as data for the picture in reports. */
import type { WantedReach, WantedTopology } from '../lab-definition.ts';
import { rulesOf } from './rules.ts';
import { networksOf, type Topology } from './topology.ts';

export function wantedOf(topology: Topology): WantedTopology {
  return {
    networks: topology.networks.map(({ name }) => ({ name, driver: 'bridge' })),
    containers: topology.roles.map((role) => ({
      role: role.name,
      networks: networksOf(topology, role.name),
      ...(role.public ? { published: true } : {}),
    })),
    reach: [
      ...topology.links.map(({ from, to }): WantedReach => ({ from, to, byName: true, byAddress: true })),
      ...rulesOf(topology).flatMap((rule): WantedReach[] =>
        rule.rule === 'isolated'
          ? rule.from.map((from) => ({ from, to: rule.target, byName: false, byAddress: false }))
          : [],
      ),
    ],
  };
}
