/** Published ports as records write them. */
import type { SeenTopology } from '../../record.ts';

export interface PublishedPort {
  /** e.g. `8080 → 80/tcp`, with the host's address where only that one leads there. */
  text: string;
  /** The host's address; empty where every one leads there. */
  host: string;
}

const PORT = /^(.*):(\d+)->(\d+\/\w+)$/;
const EVERYWHERE = ['0.0.0.0', '::', '[::]', ''];

/** The published ports, each once: the mappings for IPv4 and for IPv6 count as one. */
export function portsOf({ ports }: SeenTopology['containers'][number]): PublishedPort[] {
  const all = ports.map((port): PublishedPort => {
    const [, address, from, to] = PORT.exec(port) ?? [];
    if (address === undefined || from === undefined || to === undefined) return { text: port, host: '' };
    const host = EVERYWHERE.includes(address) ? '' : address;
    return { text: `${host === '' ? '' : `${host}:`}${from} → ${to}`, host };
  });
  return all.filter(({ text }, i) => all.findIndex((other) => other.text === text) === i);
}

/** Whether other machines can use it: not if it is bound to the loopback interface. */
export function isOutside({ host }: PublishedPort): boolean {
  return !/^127\.|^\[?::1\]?$/.test(host);
}
