/** The few functions of the C library that Node does not offer. They return what the C functions return. */
import koffi from 'koffi';

/** The same on all architectures that Debian has an engine for: <bits/socket.h>, <linux/netlink.h>. */
export const AF_INET = 2;
export const AF_INET6 = 10;
export const AF_NETLINK = 16;
export const AF_PACKET = 17;
export const SOCK_STREAM = 1;
export const SOCK_DGRAM = 2;
export const SOCK_RAW = 3;
export const SOCK_NONBLOCK = 0o4000;
export const SOCK_CLOEXEC = 0o2000000;

/** <fcntl.h>, <poll.h>. */
export const F_GETFL = 3;
export const F_SETFL = 4;
export const O_NONBLOCK = 0o4000;
export const POLLIN = 1;
export const MSG_PEEK = 0x2;
export const MSG_DONTWAIT = 0x40;
export const MSG_NOSIGNAL = 0x4000;
export const SHUT_RDWR = 2;

interface Libc {
  setns(namespace: number, type: number): number;
  socket(domain: number, type: number, protocol: number): number;
  send(socket: number, message: Buffer, length: number, flags: number): number;
  recv(socket: number, buffer: Buffer, length: number, flags: number): number;
  /** @param address Where the sender's address is written. @param room Its size (four bytes, native byte order). */
  recvfrom(socket: number, buffer: Buffer, length: number, flags: number, address: Buffer, room: Buffer): number;
  bind(socket: number, address: Buffer, length: number): number;
  setsockopt(socket: number, level: number, name: number, value: Buffer, length: number): number;
  getsockopt(socket: number, level: number, name: number, value: Buffer, length: Buffer): number;
  ioctl(fd: number, request: number, argument: Buffer): number;
  fcntl(fd: number, command: number, argument: number): number;
  /** @param fds struct pollfd of <poll.h>. */
  poll(fds: Buffer, count: number, timeoutMs: number): number;
  /** accept4(2), without asking who the other end is. */
  accept4(socket: number, address: null, room: null, flags: number): number;
  shutdown(socket: number, how: number): number;
  /** pidfd_open(2) and pidfd_getfd(2). */
  pidfdOpen(pid: number): number;
  pidfdGetfd(pidfd: number, fd: number): number;
  /** setsockopt(2) with a packet filter: struct sock_fprog of <linux/filter.h>, eight bytes an instruction. */
  attachFilter(
    socket: number,
    level: number,
    name: number,
    program: { len: number; filter: Buffer },
    length: number,
  ): number;
}

/** The same on all architectures: <asm-generic/unistd.h>. */
const SYS_PIDFD_OPEN = 434;
const SYS_PIDFD_GETFD = 438;

let loaded: Libc | undefined;

export function libc(): Libc {
  loaded ??= load();
  return loaded;
}

function load(): Libc {
  const library = koffi.load('libc.so.6');
  const program = koffi.struct({ len: 'uint16_t', filter: 'void *' });
  const fcntl = library.func('int fcntl(int fd, int command, ...)');
  const syscall = library.func('long syscall(long number, ...)');
  return {
    setns: library.func('int setns(int fd, int nstype)'),
    socket: library.func('int socket(int domain, int type, int protocol)'),
    send: library.func('long send(int fd, const void *message, size_t length, int flags)'),
    recv: library.func('long recv(int fd, void *buffer, size_t length, int flags)'),
    recvfrom: library.func('long recvfrom(int fd, void *buffer, size_t length, int flags, void *address, void *room)'),
    bind: library.func('int bind(int fd, const void *address, uint32_t length)'),
    setsockopt: library.func('int setsockopt(int fd, int level, int name, const void *value, uint32_t length)'),
    getsockopt: library.func('int getsockopt(int fd, int level, int name, void *value, void *length)'),
    ioctl: library.func('int ioctl(int fd, unsigned long request, void *argument)'),
    fcntl: (fd, command, argument) => fcntl(fd, command, 'int', argument) as number,
    poll: library.func('int poll(void *fds, unsigned long count, int timeout)'),
    accept4: library.func('int accept4(int fd, void *address, void *room, int flags)'),
    shutdown: library.func('int shutdown(int fd, int how)'),
    // Not every C library has functions for these two.
    pidfdOpen: (pid) => syscall(SYS_PIDFD_OPEN, 'int', pid, 'uint32_t', 0) as number,
    pidfdGetfd: (pidfd, fd) => syscall(SYS_PIDFD_GETFD, 'int', pidfd, 'int', fd, 'uint32_t', 0) as number,
    attachFilter: library.func('setsockopt', 'int', ['int', 'int', 'int', koffi.pointer(program), 'uint32_t']),
  };
}

/** Why the last of these calls failed. */
export function errno(): number {
  return koffi.errno();
}
