/**
 * The generations of Docker Engine that a lab host can run. Students have the engine of their distribution. A verdict has to be
 * the same on all of them, and an instructor can grade on the one that the students have.
 */

/** For each generation, the Debian suite from which its packages come; see images/lab-host/install-engine.sh. */
export const SUITES = { '28.5': 'forky', '26.1': 'trixie', '20.10': 'bookworm' } as const;

export type Generation = keyof typeof SUITES;

export const GENERATIONS = Object.keys(SUITES) as Generation[];
export const DEFAULT_GENERATION: Generation = '28.5';

/** What lab hosts are made from, as digests. */
export interface Digests {
  /** Of the engine and the images: of all that is in the golden volume. */
  golden: string;
  /** Of these, and of the scripts of the lab host's image, which change more often. */
  image: string;
}

/**
 * Names of what one generation's lab hosts are started from.
 *
 * @returns `filled` is the name that the image gets which has filled the volume, as soon as the volume is complete.
 */
export function namesOf(
  { image, golden }: Digests,
  generation: Generation,
): { image: string; goldenVolume: string; filled: string } {
  return {
    image: `netgrade/lab-host:${image}-${generation}`,
    goldenVolume: `${goldenVolumesOf(golden)}${generation}`,
    filled: `netgrade/golden:${golden}-${generation}`,
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
export function outdated(goldenVolumes: MadeVolume[], { golden }: Digests, now: number): string[] {
  return goldenVolumes
    .filter(({ name, madeAt }) => !name.startsWith(goldenVolumesOf(golden)) && now - madeAt > SPARED_MS)
    .map(({ name }) => name);
}

function goldenVolumesOf(digest: string): string {
  return `netgrade-golden-${digest}-`;
}
