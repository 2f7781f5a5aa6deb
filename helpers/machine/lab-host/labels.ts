/**
 * Everything the grader makes on the grading host's engine carries our labels; nothing without them is ever
 * touched. The owner label tells a later run whether the run that made a thing is still alive.
 */
import { readFileSync } from 'node:fs';
import os from 'node:os';

export const LABEL = 'netgrade';
export const OWNER_LABEL = 'netgrade.owner';
/** What a thing of a run is: a tool of the grader's, or made by a submission that is deployed on this engine. */
const PART_LABEL = 'netgrade.part';

/** The time a process started, in clock ticks since boot (proc(5), field 22 of stat): tells a reused pid from the old one. */
function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined; // it has ended, or there is no procfs
  }
}

/** Labels for what belongs to this run, and is removed when it is nobody's any more; see kept.ts for what is not. */
export function ownLabels(part: 'tool' | 'submission' = 'tool'): Record<string, string> {
  return { [LABEL]: 'run', [OWNER_LABEL]: ownerLabel(), [PART_LABEL]: part };
}

function ownerLabel(): string {
  return `${os.hostname()}:${process.pid}:${startTimeOf(process.pid) ?? ''}`;
}

/** Whether this process has made a container for itself. Any label can be forged, except for one that nobody knows. */
export function isOwnTool(labels: Record<string, string>): boolean {
  return labels[OWNER_LABEL] === ownerLabel() && labels[PART_LABEL] !== 'submission';
}

/** Whether the process that an owner label names may still run: those of other machines cannot be seen from here. */
export function ownerIsAlive(owner: string): boolean {
  const [machine = '', pid = '', startTime = ''] = owner.split(':');
  if (machine !== os.hostname()) return true;
  const number = Number.parseInt(pid, 10);
  if (!Number.isInteger(number)) return false;
  const now = startTimeOf(number);
  if (now !== undefined || startTime !== '') return now === startTime;
  // No procfs (macOS): the pid alone has to do.
  try {
    process.kill(number, 0);
    return true;
  } catch {
    return false; // there is no such process
  }
}
