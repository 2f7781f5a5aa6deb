/**
 * Which limits a submission has reached. The student is told, because scripts and containers then end without a
 * message.
 */
import type { Bounds } from '../machine/lab-host/disposable/bounds.ts';
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import type { ContainerFacts, UsedUp } from './facts.ts';

/** A disk with less space left counts as full: the file system reserves a little. */
const FULL_BYTES = 4 * 1024 * 1024;
const GIB = 1024 ** 3;

/** @returns the limits that were reached; none on hosts without limits. */
export async function usedUpOn({ bounded }: LabHost, containers: ContainerFacts[]): Promise<UsedUp[]> {
  if (bounded === undefined) return [];
  const { bounds } = bounded;
  const { ended, refused, left, overworked } = await bounded.reached();
  // A container's own counter is gone with its control group, but the engine remembers that it ran out of memory.
  // A limit that the submission sets itself is none of ours.
  const killed = containers.filter(({ state }) => state.oomKilled);
  const byOwnLimit = killed.filter(({ state: { memoryLimit = bounds.memory } }) => memoryLimit < bounds.memory);
  const noMemory = killed.length > byOwnLimit.length || (ended > 0 && byOwnLimit.length === 0);
  return [
    ...(noMemory ? [{ what: 'memory', bound: `${bounds.memory / GIB} GiB` } as const] : []),
    ...(refused > 0 ? [{ what: 'processes', bound: String(bounds.pids) } as const] : []),
    ...(left < FULL_BYTES ? [{ what: 'disk', bound: `${bounds.disk / GIB} GiB` } as const] : []),
    ...(overworked > 0 ? [{ what: 'engine', bound: engineBound(bounds) } as const] : []),
  ];
}

function engineBound({ engine }: Bounds): string {
  return `${engine.memory / GIB} GiB and ${engine.pids} processes`;
}

/** A clause for the author of the submission. */
export function usedUpText({ what, bound }: UsedUp): string {
  switch (what) {
    case 'memory':
      return `the memory was used up (${bound} for all scripts and containers together): the kernel killed a process that asked for more`;
    case 'processes':
      return `the limit of processes was reached (${bound} for all scripts and containers together): no more could be started`;
    case 'disk':
      return `the disk was full (${bound} for images, containers, volumes and files together): nothing more could be written`;
    case 'engine':
      return `too much was asked of the engine (${bound} for its own work): a part of it was ended and started anew, and containers may have ended with it`;
  }
}
