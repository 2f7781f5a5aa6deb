/** Starts the machines of a run: lab hosts, and the porter that fetches images for them. */
import type Docker from 'dockerode';
import type { LabHost } from '../lab-host.ts';
import { PORTER_BOUNDS } from './bounds.ts';
import { DisposableLabHost } from './disposable.ts';
import type { LabHostImage, LabHostOptions } from './start.ts';

export interface Boots {
  labHost: () => Promise<LabHost>;
  /** A machine that fetches images: it has a way out, and no submission ever runs there. */
  porter: () => Promise<LabHost>;
}

/** @param docker The grading machine's engine. */
export function bootsOn(docker: Docker, from: LabHostImage, options: LabHostOptions): Boots {
  return {
    labHost: () => DisposableLabHost.boot(docker, from, options),
    porter: () => DisposableLabHost.boot(docker, from, { ...options, wayOut: true, keep: false }, PORTER_BOUNDS),
  };
}
