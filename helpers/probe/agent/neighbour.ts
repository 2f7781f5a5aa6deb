/** The neighbour machine: a network namespace behind a wire of its own. "Reachable from outside" is judged there. */
import { mkdirSync } from 'node:fs';
import type { BuildNeighbour, WireEnds } from '../protocol.ts';
import { execute } from './execute.ts';

const NAME = 'outside';
/** Where ip-netns(8) keeps its namespaces. */
export const NEIGHBOUR = `/run/netns/${NAME}`;

/** It is gone when the agent's own mount namespace is, and the wire with it. */
export async function buildNeighbour({ wire, ends }: BuildNeighbour): Promise<void> {
  mkdirSync('/run/netns', { recursive: true });
  await ip('netns', 'add', NAME);
  await ip('link', 'add', wire, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', NAME);
  for (const { host, neighbour } of ends) {
    const added = [
      await tryIp('address', 'add', host, 'dev', wire, ...nodad(host)),
      await tryIp('-n', NAME, 'address', 'add', neighbour, 'dev', 'eth0', ...nodad(neighbour)),
    ];
    // A kernel may be without IPv6.
    if (!isV6(host) && added.includes(false))
      throw new Error(`the wire did not get the addresses ${host}, ${neighbour}`);
  }
  await ip('link', 'set', wire, 'up');
  await ip('-n', NAME, 'link', 'set', 'lo', 'up');
  await ip('-n', NAME, 'link', 'set', 'eth0', 'up');
  for (const gateway of ends.map(gatewayOf).filter((each) => !isV6(each)))
    await ip('-n', NAME, 'route', 'add', 'default', 'via', gateway);
}

function gatewayOf({ host }: WireEnds): string {
  return host.replace(/\/.*/, '');
}

function isV6(address: string): boolean {
  return address.includes(':');
}

/** An IPv6 address would be of use only after a second in which the kernel looks for others that have it. */
function nodad(address: string): string[] {
  return isV6(address) ? ['nodad'] : [];
}

async function ip(...args: string[]): Promise<void> {
  if (!(await tryIp(...args))) throw new Error(`\`ip ${args.join(' ')}\` failed`);
}

async function tryIp(...args: string[]): Promise<boolean> {
  return (await execute('ip', args)).exitCode === 0;
}
