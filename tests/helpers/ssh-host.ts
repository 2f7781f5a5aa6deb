/** A machine that is reached over ssh: a lab host with an sshd, and the home folder of somebody who may sign in there. */
import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import net from 'node:net';
import { promisify } from 'node:util';
import type Docker from 'dockerode';
import ssh2 from 'ssh2';
import { drawPool } from '../../helpers/lab-host/address-pool.ts';
import type { LabHostImage } from '../../helpers/lab-host/disposable.ts';
import { ownLabels } from '../../helpers/lab-host/labels.ts';
import { removeContainer } from '../../helpers/lab-host/remove.ts';
import { sh } from '../../helpers/setup/shell.ts';
import { resolveTarget, type SshTarget } from '../../helpers/ssh/target.ts';
import { until } from '../../helpers/wait.ts';
import { docker } from './engine.ts';
import { makeHome } from './ssh-home.ts';

const IMAGE_MS = 600_000;
const BOOT_MS = 60_000;
const COMMAND_MS = 30_000;
const USERS = ['student', 'outsider'];
const KEY_TYPES = ['ed25519', 'ecdsa', 'rsa'] as const;

export interface SshHost extends AsyncDisposable {
  address: string;
  port: number;
  container: Docker.Container;
  /** With .ssh/id_ed25519 (which every user there knows), known_hosts and config. */
  home: string;
  /** The one that its users know. */
  privateKey: string;
  /** Its public host keys, in the format of known_hosts: type and base64. */
  hostKeys: Record<(typeof KEY_TYPES)[number], string>;
  /** Runs a command there as root, not over ssh. @throws when it fails */
  root(script: string): Promise<string>;
  /** Resolves an address with the home folder above, or another one. */
  target(url: string, home?: string): SshTarget;
  /** A home folder that differs in these files under .ssh. */
  homeWith(files: Record<string, string>): string;
}

/** Boots one; it is ready when its engine and its sshd answer. */
export async function bootSshHost(): Promise<SshHost> {
  const container = await start(await image());
  const homes: string[] = [];
  try {
    const root = (script: string): Promise<string> =>
      sh(['docker', 'exec', container.id, 'sh', '-c', script], { timeoutMs: COMMAND_MS });
    const pair = ssh2.utils.generateKeyPairSync('ed25519');
    for (const user of USERS) {
      const folder = `/home/${user}/.ssh`;
      await root(
        `mkdir -m 700 ${folder} && echo '${pair.public}' > ${folder}/authorized_keys && chown -R ${user}: ${folder}`,
      );
    }
    await root('mkdir -p /run/sshd && ssh-keygen -A && /usr/sbin/sshd');
    const { NetworkSettings } = await container.inspect();
    const address = Object.values(NetworkSettings.Networks)[0]?.IPAddress ?? '';
    await Promise.all([answers(address, 22), engineAnswers(root)]);
    const keys = await Promise.all(
      KEY_TYPES.map(async (type) => [type, (await root(`cut -d ' ' -f 1,2 /etc/ssh/ssh_host_${type}_key.pub`)).trim()]),
    );
    const hostKeys = Object.fromEntries(keys) as SshHost['hostKeys'];
    const files = {
      id_ed25519: pair.private,
      known_hosts: `${address} ${hostKeys.ed25519}\n`,
      config: '# nothing special\n',
    };
    const homeWith = (changed: Record<string, string>): string => {
      const home = makeHome({ ...files, ...changed });
      homes.push(home);
      return home;
    };
    const home = homeWith({});
    return {
      address,
      port: 22,
      container,
      home,
      privateKey: pair.private,
      hostKeys,
      root,
      homeWith,
      target: (url, of = home) => resolveTarget(url, { home: of, env: {}, userName: 'somebody' }),
      [Symbol.asyncDispose]: async () => {
        for (const each of homes) rmSync(each, { recursive: true, force: true });
        await removeContainer(container);
      },
    };
  } catch (error) {
    for (const each of homes) rmSync(each, { recursive: true, force: true });
    await removeContainer(container);
    throw error;
  }
}

/** In a process of its own: see ssh-image.ts. */
async function image(): Promise<LabHostImage> {
  const { stdout } = await promisify(execFile)(process.execPath, ['tests/helpers/ssh-image.ts'], { timeout: IMAGE_MS });
  return JSON.parse(stdout) as LabHostImage;
}

async function start(from: LabHostImage): Promise<Docker.Container> {
  const pool = drawPool();
  const container = await docker.createContainer({
    Image: from.image,
    Labels: ownLabels(),
    Env: [`NETGRADE_POOL=${pool.networks}`, `NETGRADE_BIP=${pool.bridge}`],
    HostConfig: { Privileged: true, NetworkMode: from.network, Binds: [`${from.goldenVolume}:/golden:ro`] },
  });
  await container.start();
  return container;
}

async function engineAnswers(root: (script: string) => Promise<string>): Promise<void> {
  const version = await until(BOOT_MS, () => root('docker version').catch(() => undefined));
  if (version === undefined) throw new Error('the engine of a machine for ssh tests did not start');
}

/** Waits for sshd's greeting. */
async function answers(address: string, port: number): Promise<void> {
  const greeted = await until(BOOT_MS, () => greeting(address, port));
  if (greeted === undefined) throw new Error(`no sshd answered on ${address}:${port}`);
}

function greeting(address: string, port: number): Promise<true | undefined> {
  return new Promise((resolve) => {
    const socket = net.connect({ host: address, port, timeout: 1_000 });
    const end = (result: true | undefined): void => {
      socket.destroy();
      resolve(result);
    };
    socket
      .once('data', () => {
        end(true);
      })
      .once('error', () => {
        end(undefined);
      })
      .once('timeout', () => {
        end(undefined);
      })
      .once('close', () => {
        end(undefined);
      });
  });
}
