/**
 * Enters other network namespaces within this process. A socket stays in the namespace in which it was made; a process
 * that is started there stays there, too; and the thread's own /proc shows the namespace that it is in. So one agent
 * answers for all sandboxes of its machine. A separate process in each would cost a quarter of a second of CPU time.
 */
import { closeSync, fstatSync, openSync, statSync } from 'node:fs';
import net from 'node:net';
import type { Place } from '../protocol.ts';
import { AF_INET, AF_INET6, errno, libc, SOCK_CLOEXEC, SOCK_NONBLOCK, SOCK_STREAM } from './libc.ts';
import { NEIGHBOUR } from './neighbour.ts';
import { HERE, type Standpoint } from './standpoint.ts';

/** From <linux/sched.h>. */
const CLONE_NEWNET = 0x40000000;

const home = openSync('/proc/self/ns/net', 'r');
/**
 * Open descriptors of namespaces: one that was entered once can be entered until the end, even without its processes.
 */
const known = new Map<string, number>();

export function standpointAt(place: Place): Standpoint {
  if (place === 'host') return HERE;
  const path = place === 'outside' ? NEIGHBOUR : `/proc/${place.pid}/ns/net`;
  const within = <T>(work: () => T): T => {
    enter(namespaceAt(path));
    try {
      return work();
    } finally {
      enter(home);
    }
  };
  return { within, socket: (address) => socketOf(within(() => openSocket(address))) };
}

/** @returns its descriptor. */
function openSocket(address: string): number {
  const family = net.isIPv6(address) ? AF_INET6 : AF_INET;
  const fd = libc().socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) throw new Error(`no socket could be made (errno ${errno()})`);
  return fd;
}

function socketOf(fd: number): net.Socket {
  // Without this, Node begins to read at once, which is an error before there is a connection.
  const paused = { pauseOnCreate: true };
  const made = new net.Socket({ fd, readable: true, writable: true, ...paused });
  return made.once('connect', () => made.resume());
}

/** The descriptor of a namespace. It is opened anew if the path leads to another one now: process ids are reused. */
function namespaceAt(path: string): number {
  const open = known.get(path);
  const now = statSync(path, { throwIfNoEntry: false })?.ino;
  if (open !== undefined && (now === undefined || now === fstatSync(open).ino)) return open;
  if (open !== undefined) closeSync(open);
  const namespace = openSync(path, 'r');
  known.set(path, namespace);
  return namespace;
}

function enter(namespace: number): void {
  if (libc().setns(namespace, CLONE_NEWNET) === 0) return;
  const reason = errno();
  // If the process cannot return to its own namespace, all its later answers would be wrong: so it ends.
  if (namespace === home) process.exit(70);
  throw new Error(`the network namespace could not be entered (errno ${reason})`);
}
