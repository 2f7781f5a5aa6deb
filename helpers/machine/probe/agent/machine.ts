/** Questions about the agent's own machine. */
import { readFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';

/** A random number that the kernel draws at each boot (random(4)). */
export function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

export function addresses(): string[] {
  return Object.values(os.networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter((each) => !each.internal && !each.address.startsWith('fe80:'))
    .map((each) => each.address);
}

/** Accepts connections on a free port of every address, for as long as the agent lives. */
export function listen(): Promise<{ port: number }> {
  return new Promise((resolve, reject) => {
    const server = net.createServer((socket) => {
      // If a container ends, the kernel resets the connections that were opened from it.
      socket.on('error', () => undefined).end();
    });
    server.once('error', reject);
    server.listen(0, '0.0.0.0', () => {
      resolve({ port: (server.address() as net.AddressInfo).port });
    });
  });
}
