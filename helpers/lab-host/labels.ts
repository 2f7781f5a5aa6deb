/**
 * Everything the grader makes on the grading host's engine carries our labels; nothing without them is ever
 * touched. The owner label tells a later run whether the run that made a thing is still alive.
 */
import { readFileSync } from 'node:fs';

export const LABEL = 'netgrade';
export const OWNER_LABEL = 'netgrade.owner';

/** The time a process started, in clock ticks since boot (proc(5), field 22 of stat): tells a reused pid from the old one. */
function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined;
  }
}

/** Labels for what belongs to this run. */
export function ownLabels(): Record<string, string> {
  return { [LABEL]: 'run', [OWNER_LABEL]: `${process.pid}:${startTimeOf(process.pid) ?? ''}` };
}

/** Whether the process that an owner label names still runs on this machine. */
export function ownerIsAlive(owner: string): boolean {
  const [pid = '', startTime = ''] = owner.split(':');
  const number = Number.parseInt(pid, 10);
  if (!Number.isInteger(number)) return false;
  const now = startTimeOf(number);
  if (now !== undefined || startTime !== '') return now === startTime;
  // No procfs (macOS): the pid alone has to do.
  try {
    process.kill(number, 0);
    return true;
  } catch {
    return false;
  }
}
