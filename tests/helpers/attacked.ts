/** The grading machine as an attack finds it: things of ours to aim at, and an inventory of what must stay as it is. */
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import type Docker from 'dockerode';
import { LABEL, OWNER_LABEL, ownerIsAlive } from '../../helpers/machine/lab-host/labels.ts';
import { MARK, type Targets } from '../attacks/attack.ts';
import { docker } from './engine.ts';

export interface Bait extends AsyncDisposable {
  targets: Targets;
  /** What stands in its files and in an environment variable, and must not stand in a record. */
  secrets: { file: string; variable: string };
  /** Who has connected to its listener. */
  callers: string[];
}

/** @param root The folder in which the submissions are, too. */
export async function layBait(root: string): Promise<Bait> {
  const [file, variable] = [randomBytes(12).toString('hex'), randomBytes(12).toString('hex')];
  const folder = path.join(root, 'target');
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'secret.txt'), `SECRET=${file}\n`);
  writeFileSync(
    path.join(folder, 'secret.sh'),
    `docker run -dit --network none --name isolated alpine ash # ${file}\n`,
  );
  chmodSync(path.join(folder, 'secret.sh'), 0o755);
  const callers: string[] = [];
  const server = net.createServer((socket) => {
    callers.push(socket.remoteAddress ?? '');
    socket.on('error', () => undefined).destroy();
  });
  server.listen(0, '0.0.0.0');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  return {
    targets: { folder, listener: `${ownAddress()}:${port}` },
    secrets: { file, variable },
    callers,
    [Symbol.asyncDispose]: async () => {
      server.close();
      await once(server, 'close');
    },
  };
}

/** An address that the machine has on some network: a lab host that reaches anything reaches it. */
function ownAddress(): string {
  const addresses = Object.values(os.networkInterfaces()).flatMap((list) => list ?? []);
  const address = addresses.find((each) => each.family === 'IPv4' && !each.internal)?.address;
  if (address === undefined) throw new Error('this machine has no address on a network');
  return address;
}

export interface Inventory {
  containers: string[];
  networks: string[];
  volumes: string[];
  images: string[];
  /** Every file below a folder, with its kind, size, mode, time and target. */
  files: string[];
  /** Where the attacks' mark is. */
  marks: string[];
}

/**
 * What there is on this machine, sorted. What belongs to other graders that run at this moment is left out.
 *
 * @param root Its files are listed, except those in the folders `except`.
 */
export async function inventoryOf(root: string, except: string[]): Promise<Inventory> {
  const [containers, networks, volumes, images] = await Promise.all([
    docker.listContainers({ all: true }),
    docker.listNetworks(),
    docker.listVolumes(),
    docker.listImages(),
  ]);
  const others = containers.filter(({ Labels }) => isOthers(Labels));
  const othersVolumes = new Set(others.flatMap(({ Mounts }) => Mounts.map(({ Name }) => Name)));
  // What lab hosts are made of is there in several versions, and other checkouts make and remove theirs meanwhile.
  const golden = volumes.Volumes.filter(({ Labels }) => LABEL in { ...Labels }).map(({ Name }) => Name);
  const isLabHosts = ({ RepoTags }: Docker.ImageInfo): boolean =>
    [...(RepoTags ?? [])].some((tag) => tag.startsWith('netgrade/'));
  return {
    containers: containers
      .filter((each) => !others.includes(each))
      .map(({ Id, Image }) => `${Image} ${Id}`)
      .sort(),
    networks: networks
      .filter(({ Labels }) => !isOthers({ ...Labels }))
      .map(({ Id, Name }) => `${Name} ${Id}`)
      .sort(),
    volumes: volumes.Volumes.map(({ Name }) => Name)
      .filter((name) => !othersVolumes.has(name) && !golden.includes(name))
      .sort(),
    images: images
      .filter((each) => !isLabHosts(each))
      .map(({ Id, RepoTags }) => `${Id} ${(RepoTags ?? []).sort().join(' ')}`)
      .sort(),
    files: find(root, [
      '-mindepth',
      '1',
      ...except.flatMap((each) => ['-path', each, '-prune', '-o']),
      '-printf',
      '%P %y %s %m %T@ %l\\0',
    ]),
    marks: marks(golden),
  };
}

/** The grader that these tests run is no longer alive when the inventory is taken: what it has left is seen. */
function isOthers(labels: Record<string, string>): boolean {
  const owner = labels[OWNER_LABEL];
  return owner !== undefined && ownerIsAlive(owner);
}

/** Places that everybody knows of, and what lab hosts share. */
function marks(volumes: string[]): string[] {
  const known = ['/', '/root', '/etc', '/tmp', '/var/tmp', '/home', '/srv', '/opt', '/usr/local/bin', process.cwd()];
  const near = known.flatMap((folder) => find(folder, ['-maxdepth', '1', '-name', MARK, '-print0']));
  const shared = volumes.flatMap((volume) => {
    const look = ['run', '--rm', '--network', 'none', '--volume', `${volume}:/shared:ro`, 'busybox:latest'];
    const { status, stdout, stderr } = spawnSync('docker', [...look, 'find', '/shared', '-name', MARK], {
      encoding: 'utf8',
    });
    if (status !== 0) throw new Error(`${volume} cannot be searched: ${stderr}`);
    return stdout.split('\n').filter((line) => line !== '');
  });
  return [...near, ...shared];
}

function find(folder: string, expression: string[]): string[] {
  const { stdout } = spawnSync('find', [folder, ...expression], { encoding: 'latin1', maxBuffer: 64 * 1024 * 1024 });
  return stdout
    .split('\0')
    .filter((line) => line !== '')
    .sort();
}

/** What is in one inventory and not in the other. */
export function changesOf(before: Inventory, after: Inventory): string[] {
  return (Object.keys(before) as (keyof Inventory)[]).flatMap((kind) => {
    const [was, is] = [new Set(before[kind]), new Set(after[kind])];
    const gone = before[kind].filter((each) => !is.has(each)).map((each) => `gone: ${kind}: ${each}`);
    const added = after[kind].filter((each) => !was.has(each)).map((each) => `new: ${kind}: ${each}`);
    return [...gone, ...added];
  });
}
