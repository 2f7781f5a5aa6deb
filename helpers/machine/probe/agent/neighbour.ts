/**
 * The neighbour machine: a network namespace connected by a veth pair. "Reachable from outside" is judged from there.
 */
import { mkdirSync } from 'node:fs';
import type { BuildNeighbour, WireEnds } from '../protocol.ts';
import { execute, type Executed } from './execute.ts';

const NAME = 'outside';
/** Where ip-netns(8) keeps its namespaces. */
export const NEIGHBOUR = `/run/netns/${NAME}`;

/** Makes the neighbour. It disappears with the agent's mount namespace, together with the veth pair. */
export async function buildNeighbour({ wire, ends }: BuildNeighbour): Promise<void> {
  mkdirSync('/run/netns', { recursive: true });
  const [v4, v6] = [ends.filter((end) => !isV6(end)), ends.filter(isV6)];
  await ip(
    [],
    [
      `netns add ${NAME}`,
      `link add ${wire} type veth peer name eth0 netns ${NAME}`,
      ...v4.map(({ host }) => `address add ${host} dev ${wire}`),
      `link set ${wire} up`,
    ],
  );
  await ip(
    ['-n', NAME],
    [
      ...v4.map(({ neighbour }) => `address add ${neighbour} dev eth0`),
      'link set lo up',
      'link set eth0 up',
      ...v4.map(({ host }) => `route add default via ${addressOf(host)}`),
    ],
  );
  // May fail, because a kernel may be without IPv6. Without `nodad`, the address could be used only after a second, in
  // which the kernel looks for duplicates.
  await tryIp(
    [],
    v6.map(({ host }) => `address add ${host} dev ${wire} nodad`),
  );
  await tryIp(
    ['-n', NAME],
    v6.map(({ neighbour }) => `address add ${neighbour} dev eth0 nodad`),
  );
}

function addressOf(end: string): string {
  return end.replace(/\/.*/, '');
}

function isV6({ host }: WireEnds): boolean {
  return host.includes(':');
}

async function ip(options: string[], commands: string[]): Promise<void> {
  const { exitCode, errors } = await tryIp(options, commands);
  if (exitCode !== 0) throw new Error(`the wire could not be laid (\`${commands.join('; ')}\`): ${errors.trim()}`);
}

/** Runs several `ip` commands in one process; stops at the first that fails. */
function tryIp(options: string[], commands: string[]): Promise<Executed> {
  return execute('ip', [...options, '-batch', '-'], { input: `${commands.join('\n')}\n` });
}
