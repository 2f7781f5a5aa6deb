/**
 * What one submission may use of the grading machine, all of its scripts and containers together: many times what the
 * course's largest needs, and little enough that a neighbour's lab host does not notice. The lab host's own engine and
 * the probes do not count; see images/lab-host/boot.sh.
 */
import type { Run } from '../../probe/protocol.ts';

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

export interface Bounds {
  /** Bytes of the file that is its disk. */
  disk: number;
  /** Bytes. */
  memory: number;
  /** Processes and threads. */
  pids: number;
}

/** How far a submission has gone. */
export interface Reached {
  /** How often the kernel ended something for want of memory, of what still runs. */
  ended: number;
  /** How often a process could not be started, likewise. */
  refused: number;
  /** Bytes left on its disk. */
  left: number;
}

export const BOUNDS: Bounds = { disk: 4 * GIB, memory: 2 * GIB, pids: 1024 };
/** For a machine that only fetches images: several may lie there at a time. */
export const PORTER_BOUNDS: Bounds = { ...BOUNDS, disk: 24 * GIB };

/**
 * How many lab hosts a machine has room for at a time: two per core, because a lab spends almost half of its time waiting,
 * for answers that do not come and for its containers (`npm run bench -- class`); if each may use all of its memory.
 *
 * @param memory Bytes.
 */
export function roomFor({ cores, memory }: { cores: number; memory: number }): number {
  return Math.max(1, Math.min(2 * cores, Math.floor(memory / BOUNDS.memory)));
}

/** As boot.sh is told. */
export function boundsAsEnvironment({ disk, memory, pids }: Bounds): Record<string, string> {
  return { NETGRADE_DISK: String(disk), NETGRADE_MEMORY: String(memory), NETGRADE_PIDS: String(pids) };
}

/** In either version of control groups; what belongs to a container goes with it, also while this looks. */
const COUNT = `
root=/sys/fs/cgroup
if [ -d $root/student ]; then memory=$root/student pids=$root/student
else memory=$root/memory/student pids=$root/pids/student; fi
sum() { find "$1" -name "$2" -exec cat {} + 2> /dev/null | awk -v key="$3" '$1 == key { sum += $2 } END { print sum + 0 }'; }
sum $memory 'memory.[oe]*' oom_kill
sum $pids pids.events max
df --output=avail -B1 /home/student | tail -n 1`;

/** What the lab host's probe agent, which is root there, is asked for a `Reached`. */
export const COUNT_REACHED: Run = {
  ask: 'run',
  argv: ['sh', '-c', COUNT],
  cwd: '/',
  env: { PATH: '/usr/bin:/bin' },
  timeoutMs: 20_000,
  maxOutput: 1000,
};

/** @throws when it is not what COUNT_REACHED prints. */
export function reachedIn(output: string): Reached {
  const [ended = NaN, refused = NaN, left = NaN] = output.trim().split(/\s+/).map(Number);
  if ([ended, refused, left].some(Number.isNaN)) throw new Error(`a lab host does not say what was used: ${output}`);
  return { ended, refused, left };
}
