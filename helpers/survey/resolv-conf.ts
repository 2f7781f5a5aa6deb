/** Reads resolv.conf and hosts files: directives only, because the comments depend on the engine's version. */
import type { HostFacts } from './facts.ts';
import { isLoopback } from './subjects.ts';

/** Where systemd-resolved keeps the nameservers that it asks itself (systemd-resolved.service(8)). */
export const UPSTREAM_RESOLV_CONF = '/run/systemd/resolve/resolv.conf';
/** systemd-resolved's own address on the host, which a container cannot use. */
const STUB = '127.0.0.53';
/** The nameservers on the default bridge if none of the host's is usable (Docker's documentation, "DNS services"). */
const WITHOUT_ANY = ['8.8.8.8', '8.8.4.4'];

/** Nameservers in their order. */
export function nameservers(resolvConf: string): string[] {
  return [...resolvConf.matchAll(/^\s*nameserver\s+(\S+)/gm)].map(([, address]) => address ?? '');
}

/** Whether the host's only nameserver is systemd-resolved: then Docker uses the nameservers behind it. */
export function isStubOnly(resolvConf: string): boolean {
  const servers = nameservers(resolvConf);
  return servers.length === 1 && servers[0] === STUB;
}

/** The nameservers that containers on the default bridge get from the host: the host's, without those on loopback. */
export function copiedNameservers({ sandbox, upstreamResolvConf }: HostFacts): string[] {
  const usable = nameservers(upstreamResolvConf ?? sandbox.resolvConf).filter((server) => !isLoopback(server));
  return usable.length > 0 ? usable : WITHOUT_ANY;
}

export interface HostsEntry {
  address: string;
  names: string[];
}

export function hostsEntries(hosts: string): HostsEntry[] {
  return hosts
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim().split(/\s+/))
    .filter(([address, name]) => address !== undefined && name !== undefined)
    .map(([address = '', ...names]) => ({ address, names }));
}

/** Names that every hosts file has, also those that Docker writes. */
const EVERYBODYS = /^(localhost|ip6-)/;

/** Entries with names that not every hosts file has. */
export function ownHostsEntries(hosts: string): HostsEntry[] {
  return hostsEntries(hosts).filter(({ names }) => !names.some((name) => EVERYBODYS.test(name)));
}

/** The line that gives a name its address; names are compared without regard to case. */
export function hostsEntryOf(hosts: string, name: string): HostsEntry | undefined {
  return hostsEntries(hosts).find(({ names }) => names.some((each) => each.toLowerCase() === name.toLowerCase()));
}
