/** Prepares the machines on which a run grades. */
import { EngineWatch } from '../machine/lab-host/engine-watch.ts';
import type { EngineAddress } from '../machine/lab-host/engine-address.ts';
import { FreshHosts } from '../machine/lab-host/disposable/fresh-hosts.ts';
import type { LabHostSupply } from '../machine/lab-host/supply.ts';
import { WatchedHosts } from '../machine/lab-host/watched-hosts.ts';
import { calibrationMark, type CalibrationMark } from '../machine/setup/calibration-mark.ts';
import { ensureEngine } from '../machine/setup/engine.ts';
import { ensureImages } from '../machine/setup/images.ts';
import { say } from '../machine/setup/say.ts';
import { optional, type RunOptions } from './options.ts';
import { sweep } from './sweep.ts';

/**
 * @param needed How many lab hosts will be taken in all.
 * @param probeName What the probe's container is called on a machine in use; the engine makes up a name if nothing is said.
 */
export async function openHosts(options: RunOptions, needed: number, probeName?: string): Promise<LabHostSupply> {
  if (options.host.kind === 'disposable') return freshHosts(options, needed);
  // Only now, because it takes time to load, and fresh machines do not need it.
  const { remoteMachine, thisMachine } = await import('./hosts-in-use.ts');
  const called = optional('probeName', probeName);
  return options.host.kind === 'local'
    ? thisMachine(options, called)
    : remoteMachine(options, options.host.url, called);
}

async function freshHosts(
  { engine, registryMirror, images, egress, runtime, foreignImages, keep }: RunOptions,
  needed: number,
): Promise<LabHostSupply> {
  const { docker, address } = await ensureEngine();
  // testcontainers takes a while to load. Only fresh hosts need it, and it loads while the engine is asked for images.
  const prepared = ensureImages(docker, engine, images);
  const [from, mark, { bootsOn }] = await Promise.all([
    prepared,
    prepared.then((image) => calibrationMark(docker, image, runtime)),
    loadBoots(address),
  ]);
  if (from.images === 'stand-ins')
    say(
      'no image registry was in reach when the images were prepared: grading with offline stand-ins for nginx, python, mongo',
    );
  const chosen = { ...(registryMirror !== undefined && { registryMirror }), ...(runtime !== undefined && { runtime }) };
  const boots = bootsOn(docker, from, { ...chosen, foreignImages, keep, egress });
  const hosts = new FreshHosts(boots, needed, () => sweep(docker), say);
  const watched = new WatchedHosts(hosts, new EngineWatch(() => docker.ping()), say);
  if (!mark.isSet) await calibrateOnce(watched, mark);
  return watched;
}

async function calibrateOnce(hosts: LabHostSupply, mark: CalibrationMark): Promise<void> {
  say('calibrating, once: a submission that is known to be right and one that is known to be wrong are graded …');
  const { calibrate } = await import('./calibrate.ts'); // only now, because it is seldom needed
  try {
    await calibrate(hosts);
    await mark.set();
  } catch (error) {
    await hosts[Symbol.asyncDispose]();
    throw error;
  }
}

async function loadBoots(address: EngineAddress): Promise<typeof import('../machine/lab-host/disposable/boots.ts')> {
  const [boots, { openRuntime }] = await Promise.all([
    import('../machine/lab-host/disposable/boots.ts'),
    import('../machine/lab-host/disposable/runtime.ts'),
  ]);
  await openRuntime(address);
  return boots;
}
