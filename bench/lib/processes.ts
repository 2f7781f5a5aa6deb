/** Single processes, as proc(5) shows them. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import path from 'node:path';

/** USER_HZ: what Linux counts a process's time in, on every architecture that Node runs on. */
const TICK_MS = 10;

/** The file name of a process's program; undefined when it has ended, or belongs to the kernel. */
export function programOf(pid: number): string | undefined {
  try {
    return path.basename(readlinkSync(`/proc/${pid}/exe`));
  } catch {
    return undefined;
  }
}

/** Processor time of this process alone, in milliseconds; undefined when it has ended. */
export function cpuMsOf(pid: number): number | undefined {
  const stat = read(`/proc/${pid}/stat`);
  if (stat === undefined) return undefined;
  // Fields 14 and 15; the second is a name in brackets, which may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

/** Bytes of memory that is this process's own, no program text or files; 0 when it has ended. */
export function ownMemoryOf(pid: number): number {
  return Number(/^RssAnon:\s+(\d+) kB$/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1] ?? 0) * 1024;
}

/** This machine's engine and what it is made of: those that are in no container. */
export function enginePids(): number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number)
    .filter((pid) => /^(dockerd|containerd)/.test(programOf(pid) ?? ''))
    .filter((pid) => !/docker[/-][0-9a-f]{64}/.test(read(`/proc/${pid}/cgroup`) ?? ''));
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
