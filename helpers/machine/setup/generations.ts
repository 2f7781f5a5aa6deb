/**
 * The generations of Docker Engine that a lab host can run. Students have the engine of their distribution. A verdict has to be
 * the same on all of them, and an instructor can grade on the one that the students have.
 */

/** For each generation, the Debian suite from which its packages come; see images/lab-host/install-engine.sh. */
export const SUITES = { '28.5': 'forky', '26.1': 'trixie', '20.10': 'bookworm' } as const;

export type Generation = keyof typeof SUITES;

export const GENERATIONS = Object.keys(SUITES) as Generation[];
export const DEFAULT_GENERATION: Generation = '28.5';

/** Names of the image and the volume that one generation's lab hosts are started from. @param digest Of all that they are made from. */
export function namesOf(digest: string, generation: Generation): { image: string; goldenVolume: string } {
  return {
    image: `netgrade/lab-host:${digest}-${generation}`,
    goldenVolume: `${goldenVolumesOf(digest)}${generation}`,
  };
}

/** A volume is spared for this long, because another checkout on the same machine may still use it. */
const SPARED_MS = 24 * 3_600_000;

export interface MadeVolume {
  name: string;
  /** Milliseconds since 1970. */
  madeAt: number;
}

/**
 * The names of golden volumes that have another digest and are more than a day old. Volumes of this digest are current, for
 * whichever generation.
 */
export function outdated(goldenVolumes: MadeVolume[], digest: string, now: number): string[] {
  return goldenVolumes
    .filter(({ name, madeAt }) => !name.startsWith(goldenVolumesOf(digest)) && now - madeAt > SPARED_MS)
    .map(({ name }) => name);
}

function goldenVolumesOf(digest: string): string {
  return `netgrade-golden-${digest}-`;
}
