/** Addresses and subnets, and the one address that Docker gives its own nameserver. */
import { BlockList, isIPv6 } from 'node:net';

/** Docker's embedded nameserver, in the sandbox of every container on a network that somebody made. */
export const EMBEDDED_DNS = '127.0.0.11';

/** Whether an address lies in a subnet, e.g. 172.17.0.2 in 172.17.0.0/16. */
export function isInside(address: string, subnet: string): boolean {
  const [base = '', prefix = ''] = subnet.split('/');
  const family = isIPv6(base) ? 'ipv6' : 'ipv4';
  if (isIPv6(address) !== isIPv6(base)) return false;
  const block = new BlockList();
  block.addSubnet(base, Number(prefix), family);
  return block.check(address, family);
}

/** Whether two subnets have an address in common. */
export function overlap(one: string, other: string): boolean {
  return isInside(one.replace(/\/.*/, ''), other) || isInside(other.replace(/\/.*/, ''), one);
}
