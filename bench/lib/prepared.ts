/** What lab hosts are made of is there before anything is measured; and lab hosts without a grader around them. */
import type Docker from 'dockerode';
import { bootsOn } from '../../helpers/machine/lab-host/disposable/boots.ts';
import type { LabHostImage } from '../../helpers/machine/lab-host/disposable/start.ts';
import { FreshHosts } from '../../helpers/machine/lab-host/disposable/fresh-hosts.ts';
import { ensureEngine } from '../../helpers/machine/setup/engine.ts';
import { DEFAULT_GENERATION } from '../../helpers/machine/setup/generations.ts';
import { ensureImages } from '../../helpers/machine/setup/images.ts';

export interface Prepared {
  /** This machine's engine. */
  docker: Docker;
  image: LabHostImage;
}

export async function prepared(): Promise<Prepared> {
  const { docker } = await ensureEngine();
  return { docker, image: await ensureImages(docker, DEFAULT_GENERATION) };
}

/** The supply that `npm run grade` takes its lab hosts from. */
export function freshHosts({ docker, image }: Prepared, needed: number): FreshHosts {
  return new FreshHosts(bootsOn(docker, image, { egress: 'none' }), needed, () => Promise.resolve());
}
