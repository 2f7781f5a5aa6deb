/** Address pools for lab hosts. Each lab host gets a random one, so that an address written into a submission does not work. */
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import os from 'node:os';

export interface AddressPool {
  /** Where the engine takes its networks' subnets from. */
  networks: string;
  /** docker0's address. */
  bridge: string;
  /** A subnet outside of `networks`, for the experiment that changes every address; `n` is 0 to 255. */
  spare: (n: number) => string;
}

const FIRST = 64;
const LAST = 190;

/** Draws a pool that collides with no address and no nameserver of this machine. */
export function drawPool(): AddressPool {
  const taken = takenSecondOctets();
  const free = Array.from({ length: (LAST - FIRST) / 2 }, (_, i) => FIRST + 2 * i).filter(
    (octet) => !taken.has(octet) && !taken.has(octet + 1),
  );
  const octet = free[randomInt(free.length)];
  if (octet === undefined) throw new Error('no 10.x.0.0/16 is free on this machine');
  return {
    networks: `10.${octet}.0.0/16`,
    bridge: `10.${octet}.255.1/24`,
    spare: (n) => `10.${octet + 1}.${n}.0/24`,
  };
}

function takenSecondOctets(): Set<number> {
  const addresses = Object.values(os.networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
  const nameservers = [...readFileSync('/etc/resolv.conf', 'utf8').matchAll(/^nameserver\s+(\S+)/gm)].map(
    (m) => m[1] ?? '',
  );
  return new Set(
    [...addresses, ...nameservers]
      .filter((address) => address.startsWith('10.'))
      .map((address) => Number.parseInt(address.split('.')[1] ?? '', 10)),
  );
}
