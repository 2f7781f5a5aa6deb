/**
 * The generations of Docker Engine that a lab host can run. Courses run what their distribution gave them: a verdict
 * has to be the same on all, and an instructor can grade on the one that the students have.
 */

/** Each with the Debian suite that its packages come from; see images/lab-host/install-engine.sh. */
export const SUITES = { '28.5': 'forky', '26.1': 'trixie', '20.10': 'bookworm' } as const;

export type Generation = keyof typeof SUITES;

export const GENERATIONS = Object.keys(SUITES) as Generation[];
export const DEFAULT_GENERATION: Generation = '28.5';

/** What one generation's lab hosts are started from, by the digest of everything that it is made from. */
export function namesOf(digest: string, generation: Generation): { image: string; goldenVolume: string } {
  return {
    image: `netgrade/lab-host:${digest}-${generation}`,
    goldenVolume: `${goldenVolumesOf(digest)}${generation}`,
  };
}

/** Another checkout on the same machine may use what it made today. */
const SPARED_MS = 24 * 3_600_000;

export interface MadeVolume {
  name: string;
  /** Milliseconds since 1970. */
  madeAt: number;
}

/**
 * The golden volumes of earlier digests, a day after they were made; other generations of this one are as current as the
 * wanted one.
 */
export function outdated(goldenVolumes: MadeVolume[], digest: string, now: number): string[] {
  return goldenVolumes
    .filter(({ name, madeAt }) => !name.startsWith(goldenVolumesOf(digest)) && now - madeAt > SPARED_MS)
    .map(({ name }) => name);
}

function goldenVolumesOf(digest: string): string {
  return `netgrade-golden-${digest}-`;
}
