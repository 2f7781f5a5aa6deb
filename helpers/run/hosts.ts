/** Prepares the machines on which a run grades. */
import os from 'node:os';
import Docker from 'dockerode';
import { watchRequests } from '../base/docker/requests.ts';
import { reasonOf } from '../base/failure.ts';
import { EngineWatch } from '../machine/lab-host/engine-watch.ts';
import type { EngineAddress } from '../machine/lab-host/engine-address.ts';
import { keptEarlier } from '../machine/lab-host/kept.ts';
import { removeLeftovers } from '../machine/lab-host/leftovers.ts';
import { removeDeadFiles } from '../machine/lab-host/own-files.ts';
import { openLocalHost } from '../machine/lab-host/shared/local.ts';
import { engineTunnel, openSshHost, type SshOptions } from '../machine/lab-host/shared/ssh.ts';
import { OneHost } from '../machine/lab-host/shared/one-host.ts';
import { FreshHosts } from '../machine/lab-host/disposable/fresh-hosts.ts';
import type { LabHostSupply } from '../machine/lab-host/supply.ts';
import { WatchedHosts } from '../machine/lab-host/watched-hosts.ts';
import { putBackOwn, TRY_AGAIN } from '../machine/restore/put-back.ts';
import { calibrationMark, type CalibrationMark } from '../machine/setup/calibration-mark.ts';
import { ensureEngine } from '../machine/setup/engine.ts';
import { ensureImages } from '../machine/setup/images.ts';
import { ensureProbeImage } from '../machine/setup/probe-image.ts';
import { provideProbeImage } from '../machine/setup/remote-probe-image.ts';
import { say } from '../machine/setup/say.ts';
import { checkDocker } from '../machine/ssh/docker-access.ts';
import { SshMachine } from '../machine/ssh/machine.ts';
import { resolveTarget, type SshTarget } from '../machine/ssh/target.ts';
import { settleEarlier } from './earlier-run.ts';
import type { RunOptions } from './options.ts';

/** @param needed How many lab hosts will be taken in all. */
export async function openHosts(options: RunOptions, needed: number): Promise<LabHostSupply> {
  switch (options.host.kind) {
    case 'disposable':
      return freshHosts(options, needed);
    case 'local':
      return thisMachine(options);
    case 'ssh':
      return remoteMachine(options, options.host.url);
  }
}

async function freshHosts(
  { engine, registryMirror, egress, runtime, foreignImages, keep }: RunOptions,
  needed: number,
): Promise<LabHostSupply> {
  const { docker, address } = await ensureEngine();
  // testcontainers takes a while to load. Only fresh hosts need it, and it loads while the engine is asked for images.
  const prepared = ensureImages(docker, engine);
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
  const hosts = new FreshHosts(boots, needed, sweep(docker), say);
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

async function thisMachine(options: RunOptions): Promise<LabHostSupply> {
  const { allowDisturb, live } = options;
  const { docker, address } = await ensureEngine();
  const image = await ensureProbeImage(docker);
  if (!live) say('--host local: the submission’s own commands run on this machine, as you');
  await settleEarlier(docker, options);
  await sweep(docker); // first, because names of leftover containers would be taken
  return new OneHost({
    kind: 'local',
    engine: (await docker.version()).Version,
    tries: 1,
    open: (found) => openLocalHost(address, image, { live: live || found, allowDisturb, say }),
  });
}

async function remoteMachine(options: RunOptions, url: string): Promise<LabHostSupply> {
  const { allowDisturb, live, acceptHostKey } = options;
  const target = resolveTarget(url, { home: os.homedir(), env: process.env, userName: os.userInfo().username });
  const [image, engine] = await withMachine(target, { acceptHostKey, say }, async (docker, machine) => {
    const { arch } = await checkDocker(machine);
    await settleEarlier(docker, options);
    await sweep(docker);
    return [await provideProbeImage(docker, arch, machine.hostName), (await docker.version()).Version];
  });
  const quietly = { acceptHostKey, say: () => undefined }; // prepareRemote has already said what there is to say of the key
  return new OneHost({
    kind: 'ssh',
    engine,
    tries: 2,
    open: (found) => openSshHost(target, image, quietly, { live: live || found, allowDisturb, say }),
    ...(live && allowDisturb ? { afterLoss: () => putBackAfterLoss(target, quietly) } : {}),
  });
}

/** When the connection was lost for good: what was disturbed there is put back, if the machine is in reach again. */
async function putBackAfterLoss(target: SshTarget, options: SshOptions): Promise<void> {
  await withMachine(target, options, (docker) => putBackOwn(docker, say)).catch((error: unknown) => {
    say(`what ran on ${target.hostName} may not be as it was: ${reasonOf(error)}; ${TRY_AGAIN}`);
  });
}

/** Connects once, for some work. Before anything is graded, so that the user learns at once what is missing there. */
async function withMachine<T>(
  target: SshTarget,
  options: SshOptions,
  work: (docker: Docker, machine: SshMachine) => Promise<T>,
): Promise<T> {
  await using machine = await SshMachine.connect(target, { ...options, env: process.env });
  const tunnel = await engineTunnel(machine);
  try {
    return await work(watchRequests(new Docker({ socketPath: tunnel.socketPath }), machine.hostName), machine);
  } finally {
    await tunnel.close();
  }
}

/** Removes what killed runs have left on an engine and on this machine. */
async function sweep(docker: Docker): Promise<void> {
  await removeDeadFiles().catch((error: unknown) => {
    say(`could not remove what an earlier run left: ${reasonOf(error)}`);
  });
  const troubles = await removeLeftovers(docker).catch((error: unknown) => [reasonOf(error)]);
  for (const trouble of troubles) say(`could not remove ${trouble}`);
  const kept = await keptEarlier(docker).catch(() => undefined); // the engine is gone then, which is reported elsewhere
  if (kept !== undefined) say(`kept by earlier runs (--keep): ${kept.names.join(', ')}; remove with: ${kept.removal}`);
}
