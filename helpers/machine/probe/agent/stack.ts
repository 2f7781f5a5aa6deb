/** Questions about the kernel's network stack in a sandbox, asked through iproute2 and ping. */
import { readlinkSync } from 'node:fs';
import type { NetworkInterface, Ping, PingAnswer, Route, StackAnswer } from '../protocol.ts';
import { execute } from './execute.ts';
import type { Standpoint } from './standpoint.ts';

/** Addresses and routes that every interface has by itself; they are left out. */
const LINK_LOCAL = /^fe80:|^ff/;

/** What `ip -json address` says of an interface (iproute2 6.1). */
interface Link {
  ifname: string;
  ifindex: number;
  link_index?: number;
  master?: string;
  address?: string;
  flags: string[];
  addr_info: { local: string; prefixlen: number }[];
}

/** What `ip -json route` says of a route. */
interface RouteLine {
  /** Absent in the main table. */
  table?: string;
  type?: string;
  dst: string;
  gateway?: string;
  dev?: string;
}

/** The first lists interfaces, the second routes of IPv4 and then of IPv6, which `table main` would not. */
const LISTS = 'address show\nroute show table all\n';

export async function readStack(from: Standpoint): Promise<StackAnswer> {
  const { exitCode, output } = await from.within(() => execute('ip', ['-json', '-batch', '-'], { input: LISTS }));
  if (exitCode !== 0) throw new Error(`ip ended with exit code ${exitCode} when it was to list addresses and routes`);
  const all = output
    .split('\n')
    .filter((line) => line.trim() !== '') // iproute2 prints nothing if there is nothing to show
    .flatMap((line) => JSON.parse(line) as (Link | RouteLine | Record<string, never>)[]);
  const links = all.filter((each): each is Link => 'ifname' in each);
  const routes = all.filter((each): each is RouteLine => 'dst' in each && !('table' in each));
  // Every namespace has lo. On a machine with far too much to do, `ip` was seen to print nothing and to end well.
  if (links.length === 0) throw new Error('ip address show named no interface, not even lo');
  return {
    namespace: from.within(() => namespaceOf('thread-self')),
    interfaces: links.map(interfaceOf),
    routes: routes.filter(({ dst }) => !LINK_LOCAL.test(dst)).map(routeOf),
  };
}

/** Identity of a process's network namespace (namespaces(7)): the number in `net:[4026531840]`. */
export function namespaceOf(pid: string): number {
  return Number(/\d+/.exec(readlinkSync(`/proc/${pid}/ns/net`))?.[0]);
}

function interfaceOf(link: Link): NetworkInterface {
  return {
    name: link.ifname,
    index: link.ifindex,
    ...(link.link_index === undefined || link.link_index === 0 ? {} : { peerIndex: link.link_index }),
    ...(link.master === undefined ? {} : { master: link.master }),
    mac: link.address ?? '',
    up: link.flags.includes('UP'),
    addresses: link.addr_info
      .filter(({ local }) => !LINK_LOCAL.test(local))
      .map(({ local, prefixlen }) => `${local}/${prefixlen}`),
  };
}

function routeOf({ type, dst, gateway, dev }: RouteLine): Route {
  return {
    destination: type === undefined || type === 'unicast' ? dst : `${type} ${dst}`,
    ...(gateway === undefined ? {} : { gateway }),
    device: dev ?? '',
  };
}

/** ping(8) of iputils exits with 0 after a reply, 1 without one, and 2 when it could not send at all. */
export async function ping(from: Standpoint, { address, timeoutMs }: Ping): Promise<PingAnswer> {
  // With `-w` it asks again every second until it gets a reply, and waits for nothing less, whatever `-W` says.
  const bounds = timeoutMs < 1000 ? ['-W', String(timeoutMs / 1000)] : ['-w', String(Math.ceil(timeoutMs / 1000))];
  const options = ['-n', '-q', '-c', '1', ...bounds];
  const { exitCode } = await from.within(() => execute('ping', [...options, address], { takesMs: timeoutMs }));
  if (exitCode === 0) return { outcome: 'answered' };
  if (exitCode === 1) return { outcome: 'no-answer' };
  if (exitCode === 2) return { outcome: 'unreachable' };
  throw new Error(`ping ended with exit code ${exitCode}`);
}
