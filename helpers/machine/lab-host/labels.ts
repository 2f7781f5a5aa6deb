/**
 * Labels of everything that the grader makes on an engine. Nothing without them is ever removed. The owner label tells a
 * later run whether the run that made a thing still goes on.
 */
import { readFileSync } from 'node:fs';
import os from 'node:os';

export const LABEL = 'netgrade';
export const OWNER_LABEL = 'netgrade.owner';
/** Says what a thing is: a tool of the grader, or something that a submission made. */
const PART_LABEL = 'netgrade.part';

/** When a process started, in clock ticks since boot (proc(5), field 22 of stat). It tells a new process from an old one with the same pid. */
function startTimeOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
  } catch {
    return undefined; // it has ended, or there is no procfs
  }
}

/** Labels for what belongs to this run. What has them is removed after the run has ended; kept.ts has another label. */
export function ownLabels(part: 'tool' | 'submission' = 'tool'): Record<string, string> {
  return { [LABEL]: 'run', [OWNER_LABEL]: ownerLabel(), [PART_LABEL]: part };
}

function ownerLabel(): string {
  return `${os.hostname()}:${process.pid}:${startTimeOf(process.pid) ?? ''}`;
}

/** Whether this process has made a container for its own use. A submission could set these labels only if it knew the owner label. */
export function isOwnTool(labels: Record<string, string>): boolean {
  return labels[OWNER_LABEL] === ownerLabel() && labels[PART_LABEL] !== 'submission';
}

/** Whether any run has made a thing for its own use. What a submission makes through a gate always says that it is the submission's. */
export function isTool(labels: Record<string, string>): boolean {
  return labels[PART_LABEL] === 'tool';
}

/** Whether the process that an owner label names may still run. It is true for other machines, whose processes cannot be seen. */
export function ownerIsAlive(owner: string): boolean {
  const [machine = '', pid = '', startTime = ''] = owner.split(':');
  if (machine !== os.hostname()) return true;
  const number = Number.parseInt(pid, 10);
  if (!Number.isInteger(number)) return false;
  const now = startTimeOf(number);
  if (now !== undefined || startTime !== '') return now === startTime;
  // Without procfs (macOS) only the pid is known.
  try {
    process.kill(number, 0);
    return true;
  } catch {
    return false; // there is no such process
  }
}
