/** Lists the lab host's processes: the container of each, its network namespace, and its sockets. */
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import type { HoldersAnswer, ProcessFacts } from '../protocol.ts';
import { allListeners } from './listeners.ts';
import { namespaceOf } from './stack.ts';
import { readTextFile } from './text-file.ts';

/**
 * A control group's path carries the container's full id, in both cgroup versions and with both of Docker's drivers.
 */
const CONTAINER_ID = /[0-9a-f]{64}/g;

/** How many open files are looked at in all. A thousand processes may have 65,536 each, and all would take minutes. */
const MOST_FILES = 200_000;

/** Read from the lab host's /proc, without any tool of a student. */
export function processes(): ProcessFacts[] {
  let left = MOST_FILES;
  return pids()
    .map((pid) => {
      const facts = factsOf(pid, left);
      left -= facts?.looked ?? 0;
      return facts?.process;
    })
    .filter((each) => each !== undefined);
}

/** @param most A process that has more files open than this is taken to have no sockets. */
function factsOf(pid: string, most: number): { process: ProcessFacts; looked: number } | undefined {
  try {
    const container = containerOf(pid);
    if (container === undefined) return undefined;
    const files = readdirSync(`/proc/${pid}/fd`);
    const few = files.length <= most;
    const process = { container, namespace: namespaceOf(pid), sockets: few ? socketsAmong(pid, files) : [] };
    return { process, looked: few ? files.length : 0 };
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

/** Bytes of a command line that are read. */
const MOST_COMMAND = 4096;

/** The command that a process was started as. Kernel threads have no command line: their name is used. */
function commandOf(pid: string): string {
  const [started = ''] = (readTextFile(`/proc/${pid}/cmdline`, MOST_COMMAND) ?? '').split('\0');
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

/** The sockets of all processes of the container of a process. */
export function socketsOfContainerOf(pid: number): OpenSocket[] {
  const container = containerOf(String(pid));
  if (container === undefined) return [];
  return pids().flatMap((each) => {
    try {
      if (containerOf(each) !== container) return [];
      const files = readdirSync(`/proc/${each}/fd`);
      return files.length <= MOST_FILES ? openSockets(each, files) : [];
    } catch {
      return []; // the process has ended since it was listed
    }
  });
}

export interface OpenSocket {
  pid: number;
  fd: number;
  inode: number;
}

function containerOf(pid: string): string | undefined {
  return containerIn(readFileSync(`/proc/${pid}/cgroup`, 'utf8'));
}

function socketsOf(pid: string): number[] {
  return socketsAmong(pid, readdirSync(`/proc/${pid}/fd`));
}

function socketsAmong(pid: string, files: string[]): number[] {
  return openSockets(pid, files).map(({ inode }) => inode);
}

function openSockets(pid: string, files: string[]): OpenSocket[] {
  return files.flatMap((fd) => {
    try {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
      return inode === undefined ? [] : [{ pid: Number(pid), fd: Number(fd), inode: Number(inode) }];
    } catch {
      return []; // it was closed since it was listed
    }
  });
}
