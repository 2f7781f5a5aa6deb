/** The few functions of the C library that Node does not offer. They return what the C functions return. */
import koffi from 'koffi';

/** The same on all architectures that Debian has an engine for: <bits/socket.h>, <linux/netlink.h>. */
export const AF_INET = 2;
export const AF_INET6 = 10;
export const AF_NETLINK = 16;
export const SOCK_STREAM = 1;
export const SOCK_RAW = 3;
export const SOCK_NONBLOCK = 0o4000;
export const SOCK_CLOEXEC = 0o2000000;

interface Libc {
  setns(namespace: number, type: number): number;
  socket(domain: number, type: number, protocol: number): number;
  send(socket: number, message: Buffer, length: number, flags: number): number;
  recv(socket: number, buffer: Buffer, length: number, flags: number): number;
}

let loaded: Libc | undefined;

export function libc(): Libc {
  loaded ??= load();
  return loaded;
}

function load(): Libc {
  const library = koffi.load('libc.so.6');
  return {
    setns: library.func('int setns(int fd, int nstype)'),
    socket: library.func('int socket(int domain, int type, int protocol)'),
    send: library.func('long send(int fd, const void *message, size_t length, int flags)'),
    recv: library.func('long recv(int fd, void *buffer, size_t length, int flags)'),
  };
}

/** Why the last of these calls failed. */
export function errno(): number {
  return koffi.errno();
}
