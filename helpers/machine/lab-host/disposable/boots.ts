/** Starts the machines of a run: lab hosts, the porter that fetches images for them, and the gateway if they have a way out. */
import type Docker from 'dockerode';
import type { LabHost } from '../lab-host.ts';
import { PORTER_BOUNDS, type Egress } from './bounds.ts';
import { DisposableLabHost } from './disposable.ts';
import { Gateway } from './gateway.ts';
import type { LabHostImage, LabHostOptions } from './start.ts';

export interface Boots extends AsyncDisposable {
  labHost: () => Promise<LabHost>;
  /** A machine that fetches images: it has a way out of its own, and no submission ever runs there. */
  porter: () => Promise<LabHost>;
}

/**
 * @param docker The grading machine's engine.
 * @returns what boots the machines. Its disposal removes what they have in common.
 */
export function bootsOn(
  docker: Docker,
  from: LabHostImage,
  { egress, ...options }: Omit<LabHostOptions, 'wayOut'> & { egress: Egress },
): Boots {
  const gateway = egress === 'none' ? undefined : new Gateway(docker, from);
  const way: Pick<LabHostOptions, 'wayOut' | 'buildsOut'> =
    egress === 'all' ? { wayOut: gateway ?? 'none' } : { wayOut: 'none', ...(gateway && { buildsOut: gateway }) };
  return {
    labHost: () => {
      gateway?.open().catch(() => undefined); // while the lab host starts; the lab host says why, if it does not open
      return DisposableLabHost.boot(docker, from, { ...options, ...way });
    },
    porter: () => DisposableLabHost.boot(docker, from, { ...options, wayOut: 'direct', keep: false }, PORTER_BOUNDS),
    [Symbol.asyncDispose]: async () => {
      await gateway?.[Symbol.asyncDispose]().catch(() => undefined); // the next run removes it by its label
    },
  };
}
