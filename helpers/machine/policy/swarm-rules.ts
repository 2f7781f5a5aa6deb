/** Rules for swarms: a submission may have overlay networks and, if the lab is about that, other machines. */
import { fieldOf, isNothing, type Json } from './body.ts';
import { denial, type Denial } from './denial.ts';
import type { PolicyRules } from './rules.ts';

const TASKS = /^\/(services|tasks|secrets|configs)(\/|$)/;
const NODES = /^\/(nodes|swarm\/(join|update|unlock))(\/|$)/;

/**
 * Making a swarm of the lab host alone is allowed: it does not reach other machines, and overlay networks need it.
 * Whether a task wants these is judged by its criteria.
 *
 * @param body Undefined if the request has none.
 */
export function deniedInSwarm(path: string, body: Json | undefined, { swarm }: PolicyRules): Denial | undefined {
  if (TASKS.test(path))
    return denial(
      'a service, secret or config of a swarm',
      'a swarm starts a service’s containers by itself, past the rules for containers',
      'Start containers with docker run or docker compose up; an overlay network made with --attachable takes them.',
    );
  if (NODES.test(path) && !swarm)
    return denial(
      'a swarm with other machines',
      'this lab is about one machine',
      'Leave docker swarm join and docker node out.',
    );
  const authorities = fieldOf(fieldOf(fieldOf(body, 'Spec') ?? body, 'CAConfig'), 'ExternalCAs');
  if (!isNothing(authorities))
    return denial('an external certificate authority', 'the swarm would depend on another machine', 'Leave it out.');
  return undefined;
}
