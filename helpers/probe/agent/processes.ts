/** Which container each process of the lab host belongs to, in which network namespace it stands, and its sockets. */
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import type { ProcessFacts } from '../protocol.ts';
import { namespaceOf } from './stack.ts';

/** A control group's path carries the container's full id, in both cgroup versions and with both of Docker's drivers. */
const CONTAINER_ID = /[0-9a-f]{64}/g;
/** Under cgroup v1 every controller has a tree of its own, and some trees hold no containers. */
const deepestFirst = (one: string[], other: string[]): number => other.length - one.length;

/** Read from the lab host's /proc: no student's tool takes part. */
export function processes(): ProcessFacts[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(factsOf)
    .filter((each) => each !== undefined);
}

function factsOf(pid: string): ProcessFacts | undefined {
  try {
    const paths = readFileSync(`/proc/${pid}/cgroup`, 'utf8').split('\n');
    const [ids] = paths.map((path): string[] => path.match(CONTAINER_ID) ?? []).sort(deepestFirst);
    // The last one: a lab host is itself a container, and its id comes first.
    const container = ids?.at(-1);
    if (container === undefined) return undefined;
    return { container, namespace: namespaceOf(pid), sockets: socketsOf(pid) };
  } catch {
    return undefined; // it has ended meanwhile
  }
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
