/** A machine that is not the grader's own, with an engine on which others than a submission have things too. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type Docker from 'dockerode';
import { GenericContainer, Wait } from 'testcontainers';
import { drawPool } from '../../helpers/machine/lab-host/disposable/address-pool.ts';
import type { LabHostImage } from '../../helpers/machine/lab-host/disposable/start.ts';
import { ownLabels } from '../../helpers/machine/lab-host/labels.ts';
import { removeContainer } from '../../helpers/machine/lab-host/remove.ts';
import { sh } from '../../helpers/machine/setup/shell.ts';
import { until } from '../../helpers/base/wait.ts';
import { docker } from './engine.ts';
import type { MachineImage } from './machine-image.ts';

// No reaper container: it carries our own labels, and the next run removes what a killed one left.
process.env['TESTCONTAINERS_RYUK_DISABLED'] = 'true';

const IMAGE_MS = 600_000;
const BOOT_MS = 60_000;
const COMMAND_MS = 60_000;

export interface Machine extends AsyncDisposable {
  address: string;
  container: Docker.Container;
  /** Runs a command there as root. @throws when it fails */
  root: (script: string) => Promise<string>;
  /** What is there: containers, networks, volumes, tags of images, interfaces, files in /tmp. */
  inventory: () => Promise<string>;
}

export interface BindMount {
  source: string;
  target: string;
  mode?: 'ro' | 'rw';
}

export interface MachineOptions {
  /** Folders of this machine that it sees. */
  binds?: BindMount[];
  /** The engine's settings (daemon.json), instead of the image's. */
  settings?: object;
  /** Done while the engine starts. */
  meanwhile?: (container: Docker.Container) => Promise<unknown>;
  /** Its engine is not all that it is for: when that ends, the machine goes on. */
  outlivesItsEngine?: boolean;
}

/** Boots one; it is ready when its engine answers. */
export async function bootMachine({ meanwhile, ...options }: MachineOptions = {}): Promise<Machine> {
  const container = await start(await machineImage(), options);
  try {
    await meanwhile?.(container);
    const root = (script: string): Promise<string> =>
      sh(['docker', 'exec', container.id, 'sh', '-c', script], { timeoutMs: COMMAND_MS });
    const version = await until(BOOT_MS, () => root('docker version').catch(() => undefined));
    if (version === undefined) throw new Error('the engine of a machine for tests did not start');
    const { NetworkSettings } = await container.inspect();
    return {
      address: Object.values(NetworkSettings.Networks)[0]?.IPAddress ?? '',
      container,
      root,
      inventory: () => root(INVENTORY),
      [Symbol.asyncDispose]: () => removeContainer(container),
    };
  } catch (error) {
    await removeContainer(container);
    throw error;
  }
}

const INVENTORY = [
  'docker ps --all --no-trunc --format \'{{.ID}} {{.Names}}\' | while read id name; do docker inspect --format "$name {{.Id}} {{.State.StartedAt}} {{json .NetworkSettings.Networks}}" $id; done',
  "docker network ls --no-trunc --format '{{.ID}} {{.Name}}'",
  "docker volume ls --format '{{.Name}}'",
  "docker images --format '{{.Repository}}:{{.Tag}} {{.ID}}' | grep -v none | sort",
  // The other end of a wire is in a namespace that has gone.
  "ip -br link show | awk '{ print $1 }' | grep -v '^veth' | sort",
  "ls /tmp | grep '^netgrade' || true",
].join(' && ');

/** In a process of its own: see machine-image.ts. */
export async function machineImage(): Promise<MachineImage> {
  const program = ['tests/helpers/machine-image.ts'];
  const { stdout } = await promisify(execFile)(process.execPath, program, { timeout: IMAGE_MS });
  return JSON.parse(stdout) as MachineImage;
}

async function start(
  from: LabHostImage,
  { binds = [], settings, outlivesItsEngine = false }: Omit<MachineOptions, 'meanwhile'>,
): Promise<Docker.Container> {
  const pool = drawPool();
  const { Config } = await docker.getImage(from.image).inspect();
  const boot = [Config.Entrypoint ?? []].flat();
  // A shell that waits takes in the processes that have lost their parents.
  const entrypoint = outlivesItsEngine ? ['bash', '-c', '"$@"; sleep infinity & wait', 'bash', ...boot] : boot;
  const mounts: BindMount[] = [{ source: from.goldenVolume, target: '/golden', mode: 'ro' }, ...binds];
  const started = await new GenericContainer(from.image)
    .withEntrypoint(entrypoint)
    .withLabels(ownLabels())
    .withEnvironment({
      NETGRADE_POOL: pool.networks,
      NETGRADE_BIP: pool.bridge,
      NETGRADE_WAY_OUT: 'yes',
      ...(settings !== undefined && { NETGRADE_SETTINGS: JSON.stringify(settings) }),
    })
    .withPrivilegedMode()
    .withNetworkMode(from.network)
    .withBindMounts(mounts)
    // Until it runs: what it needs besides is waited for in bootMachine().
    .withWaitStrategy(Wait.forAll([]))
    .start();
  return docker.getContainer(started.getId());
}
