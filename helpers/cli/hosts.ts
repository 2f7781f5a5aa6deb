/** Prepares the machines that a run grades on. */
import type Docker from 'dockerode';
import { reasonOf } from '../failure.ts';
import { removeLeftovers } from '../lab-host/leftovers.ts';
import { openLocalHost } from '../lab-host/local.ts';
import { OneHost } from '../lab-host/one-host.ts';
import { FreshHosts, type LabHostSupply } from '../lab-host/supply.ts';
import { ensureEngine } from '../setup/engine.ts';
import { ensureImages } from '../setup/images.ts';
import { ensureProbeImage } from '../setup/probe-image.ts';
import { say } from '../setup/say.ts';
import type { Options } from './options.ts';

// No reaper container: lab hosts carry our own labels, and the next run removes what a killed one left.
process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true';

/** @param needed How many lab hosts will be taken in all. */
export async function openHosts(options: Options, needed: number): Promise<LabHostSupply> {
  switch (options.host.kind) {
    case 'disposable':
      return freshHosts(options, needed);
    case 'local':
      return thisMachine(options);
    case 'ssh':
      throw new Error('not yet');
  }
}

async function freshHosts({ engine }: Options, needed: number): Promise<LabHostSupply> {
  // testcontainers takes a third of a second to load: meanwhile the engine is asked.
  const [{ DisposableLabHost }, { docker }] = await Promise.all([import('../lab-host/disposable.ts'), ensureEngine()]);
  const from = await ensureImages(docker, engine);
  if (from.images === 'stand-ins')
    say(
      'no image registry was in reach when the images were prepared: grading with offline stand-ins for nginx, python, mongo',
    );
  void sweep(docker); // lab hosts do not wait for it
  return new FreshHosts(() => DisposableLabHost.boot(docker, from), needed);
}

async function thisMachine({ allowDisturb, live }: Options): Promise<LabHostSupply> {
  const { docker, endpoint } = await ensureEngine();
  const image = await ensureProbeImage(docker);
  if (!live) say('--host local: the submission’s own commands run on this machine, as you');
  await sweep(docker); // a submission would find the names taken
  return new OneHost({
    kind: 'local',
    tries: 1,
    open: (found) => openLocalHost(endpoint, image, { live: live || found, allowDisturb, say }),
  });
}

async function sweep(docker: Docker): Promise<void> {
  const troubles = await removeLeftovers(docker).catch((error: unknown) => [reasonOf(error)]);
  for (const trouble of troubles) say(`could not remove ${trouble}`);
}
