/** Lists the listening TCP sockets of the thread's network namespace, without any tool of an image. */
import { readFileSync } from 'node:fs';
import type { Listener } from '../protocol.ts';
import { addressIn } from './address.ts';
import { LISTENING, SockDiag } from './sock-diag.ts';

/** TCP_LISTEN in the kernel's include/net/tcp_states.h. */
const TCP_LISTEN = '0A';

export function allListeners(): Listener[] {
  return listeningSockets() ?? listenersInTables();
}

/** @returns undefined on a kernel that was built without inet_diag. */
export function listeningSockets(): Listener[] | undefined {
  using diag = SockDiag.open();
  return diag
    ?.sockets(LISTENING)
    ?.map(({ localAddress, localPort, inode }) => ({ address: localAddress, port: localPort, socket: inode }));
}

/** The same from /proc, for kernels without sock_diag. */
export function listenersInTables(): Listener[] {
  return [...listenersIn('/proc/thread-self/net/tcp'), ...listenersIn('/proc/thread-self/net/tcp6')];
}

function listenersIn(table: string): Listener[] {
  return readTable(table)
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[3] === TCP_LISTEN)
    .map((columns) => {
      const [address = '', port = ''] = (columns[1] ?? '').split(':');
      return { address: addressOf(address), port: Number.parseInt(port, 16), socket: Number(columns[9]) };
    });
}

/** A kernel without IPv6 has one table only. */
function readTable(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
    throw error;
  }
}

/** An address from a table, where it is written as 32-bit words in host byte order (little-endian here). */
export function addressOf(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  return addressIn(
    words.flatMap((word) => (word.match(/../g) ?? []).reverse().map((byte) => Number.parseInt(byte, 16))),
  );
}
