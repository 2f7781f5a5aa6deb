/** What of its bounds a submission has used up: what it is told, as a script or a container ends without a word then. */
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import type { ContainerFacts, UsedUp } from './facts.ts';

/** A disk with less left is full: a file system keeps a little for itself. */
const FULL_BYTES = 4 * 1024 * 1024;
const GIB = 1024 ** 3;

/** @returns nothing where a submission has no bounds. */
export async function usedUpOn({ bounded }: LabHost, containers: ContainerFacts[]): Promise<UsedUp[]> {
  if (bounded === undefined) return [];
  const { bounds } = bounded;
  const { ended, refused, left } = await bounded.reached();
  // What was counted of a container goes with its process; the engine remembers then.
  const noMemory = ended > 0 || containers.some(({ state }) => state.oomKilled);
  return [
    ...(noMemory ? [{ what: 'memory', bound: `${bounds.memory / GIB} GiB` } as const] : []),
    ...(refused > 0 ? [{ what: 'processes', bound: String(bounds.pids) } as const] : []),
    ...(left < FULL_BYTES ? [{ what: 'disk', bound: `${bounds.disk / GIB} GiB` } as const] : []),
  ];
}

/** A sentence for the author of the submission. */
export function usedUpText({ what, bound }: UsedUp): string {
  switch (what) {
    case 'memory':
      return `the memory was used up (${bound} for all scripts and containers together): the kernel killed a process that asked for more`;
    case 'processes':
      return `the limit of processes was reached (${bound} for all scripts and containers together): no more could be started`;
    case 'disk':
      return `the disk was full (${bound} for images, containers, volumes and files together): nothing more could be written`;
  }
}
