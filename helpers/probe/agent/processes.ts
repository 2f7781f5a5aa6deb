/** Which container each process of the lab host belongs to, in which network namespace it stands, and its sockets. */
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import type { ProcessFacts } from '../protocol.ts';
import { namespaceOf } from './stack.ts';

/** A control group's path carries the container's full id, in both cgroup versions and with both of Docker's drivers. */
const CONTAINER_ID = /[0-9a-f]{64}/g;

/** Read from the lab host's /proc: no student's tool takes part. */
export function processes(): ProcessFacts[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(factsOf)
    .filter((each) => each !== undefined);
}

function factsOf(pid: string): ProcessFacts | undefined {
  try {
    const container = containerIn(readFileSync(`/proc/${pid}/cgroup`, 'utf8'));
    if (container === undefined) return undefined;
    return { container, namespace: namespaceOf(pid), sockets: socketsOf(pid) };
  } catch {
    return undefined; // it has ended meanwhile
  }
}

/**
 * The container that a process belongs to: the last one on its path, because a lab host is itself a container and its
 * id comes first. Under cgroup v1 every controller has a path of its own, and some know only of the lab host.
 */
export function containerIn(cgroup: string): string | undefined {
  const paths = cgroup.split('\n').map((path): string[] => path.match(CONTAINER_ID) ?? []);
  const deepest = Math.max(...paths.map(({ length }) => length));
  return paths.find(({ length }) => length === deepest)?.at(-1);
}

function socketsOf(pid: string): number[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      const inode = /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1];
      return inode === undefined ? [] : [Number(inode)];
    } catch {
      return []; // closed meanwhile
    }
  });
}
