/**
 * What one submission may use of the grading machine, all of its scripts and containers together: many times what the
 * course's largest needs, and little enough that a neighbour's lab host does not notice. The lab host's own engine and
 * the probes do not count; see images/lab-host/boot.sh.
 */
const MIB = 1024 * 1024;

export interface Bounds {
  /** Of the file that is its disk: as mkfs takes it. */
  disk: string;
  /** Bytes. */
  memory: number;
  /** Processes and threads. */
  pids: number;
}

export const BOUNDS: Bounds = { disk: '4G', memory: 2048 * MIB, pids: 1024 };
/** For a machine that only fetches images: several may lie there at a time. */
export const PORTER_BOUNDS: Bounds = { ...BOUNDS, disk: '24G' };

/** As boot.sh is told. */
export function boundsAsEnvironment({ disk, memory, pids }: Bounds): Record<string, string> {
  return { NETGRADE_DISK: disk, NETGRADE_MEMORY: String(memory), NETGRADE_PIDS: String(pids) };
}
