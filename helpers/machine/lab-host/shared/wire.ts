/** Sets up a neighbour machine on a host that others use, too. Its wire gets addresses and a name that are free there. */
import { randomInt } from 'node:crypto';
import type { AgentClient } from '../../probe/agent-client.ts';
import type { WireEnds } from '../../probe/protocol.ts';
import { lookFromOutside, NEIGHBOUR, type Outside } from '../outside.ts';

/** How many /30 subnets 198.51.100.0/24 has. It is reserved for documentation (RFC 5737), so no real machine has its addresses. */
const SUBNETS = 64;
/** Not longer: the host's firewall may drop what comes in at an unknown interface, and then no answer comes at all. */
const PATIENCE_MS = 3_000;

export async function wireUp(agent: AgentClient): Promise<Outside> {
  const { interfaces } = await agent.ask('host', { ask: 'stack' });
  const used = new Set(interfaces.flatMap(({ addresses }) => addresses));
  const first = randomInt(SUBNETS);
  const free = Array.from({ length: SUBNETS }, (_, i) => endsOf((first + i) % SUBNETS)).find(
    ({ host }) => !used.has(host),
  );
  if (free === undefined) throw new Error('all addresses for a wire to a neighbour machine are in use');
  const address = free.host.replace(/\/.*/, '');
  await agent.ask('host', { ask: 'neighbour', wire: `netgrade${address.split('.').at(-1) ?? ''}`, ends: [free] });
  return lookFromOutside(agent.ask.bind(agent), NEIGHBOUR, [address], PATIENCE_MS);
}

function endsOf(subnet: number): WireEnds {
  return { host: `198.51.100.${4 * subnet + 1}/30`, neighbour: `198.51.100.${4 * subnet + 2}/30` };
}
