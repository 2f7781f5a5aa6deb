/** Which networks are the grading machine's own: these are not public, whatever their numbers are. */
import { PassThrough } from 'node:stream';
import type Docker from 'dockerode';
import { ownLabels } from '../labels.ts';

/** A route to half of all addresses, as some VPNs have, leads to nobody's own network. */
const LEAST_PREFIX = 4;

/**
 * Asks where the engine runs, which may be another machine than ours.
 *
 * @param image One with the command `ip`.
 * @returns IPv4 addresses, and networks as ADDRESS/PREFIX.
 */
export async function ownNetworks(docker: Docker, image: string): Promise<string[]> {
  const said = new PassThrough();
  const [, container] = (await docker.run(image, ['-4', 'route', 'show', 'table', 'all'], said, {
    Entrypoint: ['ip'],
    Labels: ownLabels(),
    Tty: true, // its output alone, without frames
    HostConfig: { NetworkMode: 'host' },
  })) as [unknown, Docker.Container];
  await container.remove();
  const networks = ownNetworksIn((await said.toArray()).join(''));
  // Every machine has 127.0.0.1: whatever was said, it was no answer.
  if (networks.length === 0) throw new Error('the grading machine does not say which networks it has');
  return networks;
}

/**
 * All networks to which a machine has routes, and its own addresses.
 *
 * @param routes What `ip -4 route show table all` prints; see ip-route(8).
 */
export function ownNetworksIn(routes: string): string[] {
  const found = routes.matchAll(/^(?:[a-z]+ )?(\d+(?:\.\d+){3}(?:\/(\d+))?)\s/gm);
  return [
    ...new Set([...found].filter(([, , prefix = '32']) => Number(prefix) >= LEAST_PREFIX).map(([, to = '']) => to)),
  ];
}
