/**
 * Which ports of the host could lead to a container that nobody outside should reach, by way of another container. An
 * experiment shows whether one does: the container is paused, and what answers at the port then changes.
 */
import type { Dependence } from './backend-away.ts';
import type { ContainerFacts, OutsideFacts } from './facts.ts';
import { Pace } from './pace.ts';
import { answersHttp, schemeOf } from './samples.ts';

/** At most so many ports are asked: the container is paused for each of them. */
const MOST_PORTS = 8;

/**
 * @param guarded The containers that nobody outside should reach.
 * @returns each of them with every port of another sandbox that answers HTTP, at one of its addresses.
 */
export function suspectedRelays(guarded: ContainerFacts[], { ports }: OutsideFacts): Dependence[] {
  return guarded.flatMap((backend) => {
    const others = ports.filter(
      (port) => ![backend.name, backend.sandboxOf].includes(port.container) && answersHttp(port),
    );
    const once = others.filter(
      (port, i) => others.findIndex((each) => each.container === port.container && each.port === port.port) === i,
    );
    return once.slice(0, MOST_PORTS).map((port) => ({
      entrance: { front: port.container, port, scheme: schemeOf(port) ?? 'http', path: '/', pace: new Pace() },
      backend: [backend],
      isSuspicion: true,
    }));
  });
}
