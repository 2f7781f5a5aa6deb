/** Prepares a machine that is in use, this one or one over ssh, for a run. */
import os from 'node:os';
import Docker from 'dockerode';
import { watchRequests } from '../base/docker/requests.ts';
import { reasonOf } from '../base/failure.ts';
import { openLocalHost } from '../machine/lab-host/shared/local.ts';
import { OneHost } from '../machine/lab-host/shared/one-host.ts';
import type { Manners } from '../machine/lab-host/shared/shared-host.ts';
import { engineTunnel, openSshHost, type SshOptions } from '../machine/lab-host/shared/ssh.ts';
import type { LabHostSupply } from '../machine/lab-host/supply.ts';
import { putBackOwn, TRY_AGAIN } from '../machine/restore/put-back.ts';
import { needCompose } from '../machine/setup/docker-plugins.ts';
import { ensureEngine } from '../machine/setup/engine.ts';
import { ensureProbeImage } from '../machine/setup/probe-image.ts';
import { provideProbeImage } from '../machine/setup/remote-probe-image.ts';
import { say } from '../machine/setup/say.ts';
import { checkDocker } from '../machine/ssh/docker-access.ts';
import { SshMachine } from '../machine/ssh/machine.ts';
import { resolveTarget, type SshTarget } from '../machine/ssh/target.ts';
import { settleEarlier } from './earlier-run.ts';
import type { RunOptions } from './options.ts';
import { sweep } from './sweep.ts';

/** What the probe's container is called there. */
type Called = Pick<Manners, 'probeName'>;

export async function thisMachine(options: RunOptions, called: Called): Promise<LabHostSupply> {
  const { allowDisturb, live } = options;
  const { docker, address } = await ensureEngine();
  if (!live) await needCompose();
  const image = await ensureProbeImage(docker);
  if (!live) say('--host local: the submission’s own commands run on this machine, as you');
  await settleEarlier(docker, options);
  await sweep(docker); // first, because names of leftover containers would be taken
  return new OneHost({
    kind: 'local',
    engine: (await docker.version()).Version,
    tries: 1,
    open: (found) => openLocalHost(address, image, { live: live || found, allowDisturb, say, ...called }),
  });
}

export async function remoteMachine(options: RunOptions, url: string, called: Called): Promise<LabHostSupply> {
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
    open: (found) => openSshHost(target, image, quietly, { live: live || found, allowDisturb, say, ...called }),
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
