/** Lists the lab host's processes: the container of each, its network namespace, and its sockets. */
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import type { HoldersAnswer, ProcessFacts } from '../protocol.ts';
import { allListeners } from './listeners.ts';
import { namespaceOf } from './stack.ts';

/**
 * A control group's path carries the container's full id, in both cgroup versions and with both of Docker's drivers.
 */
const CONTAINER_ID = /[0-9a-f]{64}/g;

/** Read from the lab host's /proc, without any tool of a student. */
export function processes(): ProcessFacts[] {
  return pids()
    .map(factsOf)
    .filter((each) => each !== undefined);
}

function factsOf(pid: string): ProcessFacts | undefined {
  try {
    const container = containerIn(readFileSync(`/proc/${pid}/cgroup`, 'utf8'));
    if (container === undefined) return undefined;
    return { container, namespace: namespaceOf(pid), sockets: socketsOf(pid) };
  } catch {
    return undefined; // the process has ended since it was listed
  }
}

/** The processes of the lab host that listen on a TCP port. */
export function holdersOf(port: number): HoldersAnswer['holders'] {
  const sockets = allListeners()
    .filter((each) => each.port === port)
    .map(({ socket }) => socket);
  return pids().flatMap((pid) => {
    try {
      if (!socketsOf(pid).some((socket) => sockets.includes(socket))) return [];
      return [{ pid: Number(pid), command: commandOf(pid) }];
    } catch {
      return []; // the process has ended since it was listed
    }
  });
}

/** The command that a process was started as. Kernel threads have no command line: their name is used. */
function commandOf(pid: string): string {
  const [started = ''] = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0');
  return path.basename(started) || readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
}

export function pids(): string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
}

/**
 * The container of a process, read from the text of /proc/PID/cgroup. The innermost one counts, because a lab host is a
 * container itself. Where both versions of control groups are in use, the line of version 2 shows only the lab host.
 */
export function containerIn(controlGroups: string): string | undefined {
  const nested = controlGroups.split('\n').map((line) => line.match(CONTAINER_ID) ?? []);
  return nested.reduce((deepest, ids) => (ids.length > deepest.length ? ids : deepest), []).at(-1);
}

function socketsOf(pid: string): number[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
      return inode === undefined ? [] : [Number(inode)];
    } catch {
      return []; // it was closed since it was listed
    }
  });
}
