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
import { ensureEngine } from '../machine/setup/engine.ts';
import { ensureImages } from '../machine/setup/images.ts';
import { ensureProbeImage } from '../machine/setup/probe-image.ts';
import { provideProbeImage } from '../machine/setup/remote-probe-image.ts';
import { say } from '../machine/setup/say.ts';
import { checkDocker } from '../machine/ssh/docker-access.ts';
import { SshMachine } from '../machine/ssh/machine.ts';
import { resolveTarget, type SshTarget } from '../machine/ssh/target.ts';
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
  const [from, { bootsOn }] = await Promise.all([ensureImages(docker, engine), loadBoots(address)]);
  if (from.images === 'stand-ins')
    say(
      'no image registry was in reach when the images were prepared: grading with offline stand-ins for nginx, python, mongo',
    );
  const chosen = { ...(registryMirror !== undefined && { registryMirror }), ...(runtime !== undefined && { runtime }) };
  const boots = bootsOn(docker, from, { ...chosen, foreignImages, keep, wayOut: egress });
  const hosts = new FreshHosts(boots, needed, sweep(docker), say);
  return new WatchedHosts(hosts, new EngineWatch(() => docker.ping()), say);
}

async function loadBoots(address: EngineAddress): Promise<typeof import('../machine/lab-host/disposable/boots.ts')> {
  const [boots, { openRuntime }] = await Promise.all([
    import('../machine/lab-host/disposable/boots.ts'),
    import('../machine/lab-host/disposable/runtime.ts'),
  ]);
  await openRuntime(address);
  return boots;
}

async function thisMachine({ allowDisturb, live }: RunOptions): Promise<LabHostSupply> {
  const { docker, address } = await ensureEngine();
  const image = await ensureProbeImage(docker);
  if (!live) say('--host local: the submission’s own commands run on this machine, as you');
  await sweep(docker); // first, because names of leftover containers would be taken
  return new OneHost({
    kind: 'local',
    tries: 1,
    open: (found) => openLocalHost(address, image, { live: live || found, allowDisturb, say }),
  });
}

async function remoteMachine({ allowDisturb, live, acceptHostKey }: RunOptions, url: string): Promise<LabHostSupply> {
  const target = resolveTarget(url, { home: os.homedir(), env: process.env, userName: os.userInfo().username });
  const image = await prepareRemote(target, { acceptHostKey, say });
  const quietly = { acceptHostKey, say: () => undefined }; // prepareRemote has already said what there is to say of the key
  return new OneHost({
    kind: 'ssh',
    tries: 2,
    open: (found) => openSshHost(target, image, quietly, { live: live || found, allowDisturb, say }),
  });
}

/** Connects once before anything is graded, so that the user learns at once what is missing there. */
async function prepareRemote(target: SshTarget, options: SshOptions): Promise<string> {
  await using machine = await SshMachine.connect(target, { ...options, env: process.env });
  const { arch } = await checkDocker(machine);
  const tunnel = await engineTunnel(machine);
  try {
    const docker = watchRequests(new Docker({ socketPath: tunnel.socketPath }), machine.hostName);
    await sweep(docker);
    return await provideProbeImage(docker, arch, machine.hostName);
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
