/** A machine that is reached over ssh: a lab host with an sshd, and the home folder of somebody who may sign in there. */
import { rmSync } from 'node:fs';
import net from 'node:net';
import { keyPair } from './ssh-keys.ts';
import { resolveTarget, type SshTarget } from '../../helpers/machine/ssh/target.ts';
import { until } from '../../helpers/base/wait.ts';
import { bootMachine, type Machine, type MachineOptions } from './machine.ts';
import { makeHome } from './ssh-home.ts';

const BOOT_MS = 60_000;
const USERS = ['student', 'outsider'];
const KEY_TYPES = ['ed25519', 'ecdsa', 'rsa'] as const;

export interface SshHost extends Machine {
  port: number;
  /** With .ssh/id_ed25519 (which every user there knows), known_hosts and config. */
  home: string;
  /** The one that its users know. */
  privateKey: string;
  /** Its public host keys, in the format of known_hosts: type and base64. */
  hostKeys: Record<(typeof KEY_TYPES)[number], string>;
  /** Resolves an address with the home folder above, or another one. */
  target(url: string, home?: string): SshTarget;
  /** A home folder that differs in these files under .ssh. */
  homeWith(files: Record<string, string>): string;
}

/** Boots one; it is ready when its engine and its sshd answer. */
export async function bootSshHost(options: Pick<MachineOptions, 'binds'> = {}): Promise<SshHost> {
  const machine = await bootMachine(options);
  const { root, address } = machine;
  const homes: string[] = [];
  try {
    const pair = keyPair();
    for (const user of USERS) {
      const folder = `/home/${user}/.ssh`;
      await root(
        `mkdir -m 700 ${folder} && echo '${pair.public}' > ${folder}/authorized_keys && chown -R ${user}: ${folder}`,
      );
    }
    await root('mkdir -p /run/sshd && ssh-keygen -A && /usr/sbin/sshd');
    await answers(address, 22);
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
      ...machine,
      port: 22,
      home,
      privateKey: pair.private,
      hostKeys,
      homeWith,
      target: (url, of = home) => resolveTarget(url, { home: of, env: {}, userName: 'somebody' }),
      [Symbol.asyncDispose]: async () => {
        for (const each of homes) rmSync(each, { recursive: true, force: true });
        await machine[Symbol.asyncDispose]();
      },
    };
  } catch (error) {
    for (const each of homes) rmSync(each, { recursive: true, force: true });
    await machine[Symbol.asyncDispose]();
    throw error;
  }
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
