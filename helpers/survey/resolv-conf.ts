/** Facts in the text of resolv.conf and hosts files: directives only, because the comments differ by engine version. */

/** Nameservers in their order. */
export function nameservers(resolvConf: string): string[] {
  return [...resolvConf.matchAll(/^\s*nameserver\s+(\S+)/gm)].map(([, address]) => address ?? '');
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

/** The line that gives a name its address; names are compared without regard to case. */
export function hostsEntryOf(hosts: string, name: string): HostsEntry | undefined {
  return hostsEntries(hosts).find(({ names }) => names.some((each) => each.toLowerCase() === name.toLowerCase()));
}
