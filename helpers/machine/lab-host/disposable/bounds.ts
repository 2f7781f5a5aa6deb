/**
 * How much of the grading machine one submission may use, all its scripts and containers together. That is many times what
 * the course's largest lab needs, and little enough not to disturb other lab hosts. The lab host's own engine and the probes
 * do not count; see images/lab-host/scripts/boot.sh.
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
  /** The same of the engine, its helpers for each container and port among it: what it does for the submission. */
  engine: { memory: number; pids: number };
}

/** How much of its bounds a submission has used up. */
export interface Reached {
  /** How often the kernel killed a process because memory was used up, in containers that still run. */
  ended: number;
  /** How often a process could not be started because there were too many, in containers that still run. */
  refused: number;
  /** Bytes left on its disk. */
  left: number;
  /** How often the kernel ended a part of the engine, or refused it a process or a thread. */
  overworked: number;
}

export const BOUNDS: Bounds = { disk: 4 * GIB, memory: 2 * GIB, pids: 1024, engine: { memory: GIB, pids: 4096 } };
/** What the agent has beside a submission and its engine. */
const AGENT = { memory: GIB / 2, pids: 512 };
/** For a machine that only fetches images. It has a larger disk, because several images may lie there at a time. */
export const PORTER_BOUNDS: Bounds = { ...BOUNDS, disk: 24 * GIB };

/** How far a submission gets out: nowhere, or to public addresses, and then always or only while its images are built. */
export const EGRESS = ['none', 'build', 'all'] as const;
export type Egress = (typeof EGRESS)[number];

/**
 * How many lab hosts a machine has room for at a time. It is two per core, because a lab spends almost half of its time
 * waiting (`npm run bench -- class`). It is fewer when there is not enough memory for each submission to use all that it may.
 *
 * @param memory Bytes.
 */
export function roomFor({ cores, memory }: { cores: number; memory: number }): number {
  return Math.max(1, Math.min(2 * cores, Math.floor(memory / BOUNDS.memory)));
}

/** The bounds as environment variables, which boot.sh reads. */
export function boundsAsEnvironment({ disk, memory, pids, engine }: Bounds): Record<string, string> {
  return {
    NETGRADE_DISK: String(disk),
    NETGRADE_MEMORY: String(memory),
    NETGRADE_PIDS: String(pids),
    NETGRADE_ENGINE_MEMORY: String(engine.memory),
    NETGRADE_ENGINE_PIDS: String(engine.pids),
  };
}

/** The bounds of a whole lab host: of the submission, of the engine and of the agent together. */
export function boundsOfAll({ memory, pids, engine }: Bounds): { memory: number; pids: number } {
  return { memory: memory + engine.memory + AGENT.memory, pids: pids + engine.pids + AGENT.pids };
}

/** Works with both versions of control groups. A container's own files may vanish while it reads them: errors are dropped. */
const COUNT = `
root=/sys/fs/cgroup
if [ -d $root/student ]; then memory=$root pids=$root
else memory=$root/memory pids=$root/pids; fi
sum() { find "$1" -name "$2" -exec cat {} + 2> /dev/null | awk -v key="$3" '$1 == key { sum += $2 } END { print sum + 0 }'; }
sum $memory/student 'memory.[oe]*' oom_kill
sum $pids/student pids.events max
stat --file-system --format='%a %S' /proc/1/root/home/student | awk '{ printf "%.0f\\n", $1 * $2 }'
echo $(($(sum $memory/engine 'memory.[oe]*' oom_kill) + $(sum $pids/engine pids.events max)))`;

/** The command that finds out a `Reached`. The probe agent runs it on the lab host, as root. */
export const COUNT_REACHED: Run = {
  ask: 'run',
  argv: ['sh', '-c', COUNT],
  cwd: '/',
  env: { PATH: '/usr/bin:/bin' },
  timeoutMs: 20_000,
  maxOutput: 1000,
};

/** Reads what COUNT_REACHED prints. @throws when the output is something else. */
export function reachedIn(output: string): Reached {
  const [ended = NaN, refused = NaN, left = NaN, overworked = NaN] = output.trim().split(/\s+/).map(Number);
  if ([ended, refused, left, overworked].some(Number.isNaN))
    throw new Error(`a lab host does not say what was used: ${output}`);
  return { ended, refused, left, overworked };
}
