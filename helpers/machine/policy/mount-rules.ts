/** Which files of the lab host a container may see: the submission's own folder, and its folder for temporary files. */
import { posix } from 'node:path';
import { Fields, fieldOf, isNothing, listOf, type Json } from './body.ts';
import { denial, quoted, type Denial } from './denial.ts';
import type { PolicyContext } from './rules.ts';

/** Files that everybody on the machine may read. Many Compose files mount them read-only. */
const PUBLIC_FILES = ['/etc/localtime', '/etc/timezone', '/etc/hosts', '/etc/hostname', '/etc/resolv.conf'];
const SOCKETS = /(^|\/)(docker|containerd|dockershim|crio|podman)\.sock$/;
const SOCKET_FOLDERS = ['/', '/run', '/var', '/var/run', '/run/docker', '/run/containerd'];
/** The beginning of what a denial says of them. */
export const SOCKET_DENIED = /^the engine's own socket \(/;
/** Bytes of a path, and how many mounts of the machine's files one request may ask for: many times what any lab needs. */
const MOST_BYTES = 4096;
const MOST_MOUNTS = 100;
/** Allowed options of a tmpfs, see tmpfs(5) and mount(8): none of them gives access to the host. */
const TMPFS_OPTION = /^(size|nr_blocks|nr_inodes|mode|uid|gid|huge|noexec|exec|nosuid|nodev|noatime|ro|rw)(=[\w%]*)?$/;

/** `HostConfig.Binds`: `source:target[:options]`; a source that is not an absolute path is a volume's name. */
export function deniedBinds(binds: Json, context: PolicyContext): Denial | undefined {
  if (listOf(binds).length > MOST_MOUNTS) return tooMany();
  for (const bind of listOf(binds)) {
    if (typeof bind !== 'string') return unreadable();
    const [source = '', target, options = ''] = bind.split(':');
    if (target === undefined || !source.startsWith('/')) continue;
    const denied = deniedSource(source, options.split(',').includes('ro'), context);
    if (denied !== undefined) return denied;
  }
  return undefined;
}

/** `HostConfig.Mounts`. */
export function deniedMounts(mounts: Json, context: PolicyContext): Denial | undefined {
  if (listOf(mounts).length > MOST_MOUNTS) return tooMany();
  for (const mount of listOf(mounts)) {
    const denied = deniedMount(mount, context);
    if (denied !== undefined) return denied;
  }
  return undefined;
}

function deniedMount(mount: Json, context: PolicyContext): Denial | undefined {
  const type = fieldOf(mount, 'Type');
  const source = fieldOf(mount, 'Source') ?? '';
  if (type === 'tmpfs' || type === 'image') return undefined;
  if (type === 'bind') {
    if (typeof source !== 'string') return unreadable();
    return deniedSource(source, fieldOf(mount, 'ReadOnly') === true, context);
  }
  if (type !== 'volume')
    return denial(`a mount of the type ${quoted(type ?? '')}`, 'netgrade does not know it', 'Use a volume or a tmpfs.');
  const driver = fieldOf(fieldOf(mount, 'VolumeOptions'), 'DriverConfig');
  return deniedVolume(fieldOf(driver, 'Name'), fieldOf(driver, 'Options'), context);
}

/** Creating a volume, by itself or with a container. The options of a local volume can mount anything. */
export function deniedVolume(
  driver: Json | undefined,
  options: Json | undefined,
  context: PolicyContext,
): Denial | undefined {
  if (!isNothing(driver) && driver !== 'local')
    return denial(
      `a volume of the driver ${quoted(driver)}`,
      'only the driver local is there',
      'Leave the driver out: a named volume keeps its data as long as the lab host lives.',
    );
  if (isNothing(options)) return undefined;
  if (!(options instanceof Fields)) return unreadable();
  const type = options.get('type') ?? '';
  const device = options.get('device') ?? '';
  const flags = text(options.get('o')).split(',').filter(Boolean);
  if (flags.some((flag) => /^r?bind$/.test(flag))) {
    const known = flags.every((flag) => /^(r?bind|ro|rw|noexec|nosuid|nodev)$/.test(flag));
    if (!known) return mountInDisguise(text(type), text(device));
    const denied = deniedSource(text(device), flags.includes('ro'), context);
    // The engine hands this path on as it is. While a folder is moved, its `..` may be another one.
    return denied ?? (text(device).split('/').includes('..') ? upwards(text(device)) : undefined);
  }
  const isTmpfs = type === 'tmpfs' && flags.every((flag) => TMPFS_OPTION.test(flag));
  const onlySize = isNothing(type) && isNothing(device) && flags.every((flag) => TMPFS_OPTION.test(flag));
  return isTmpfs || onlySize ? undefined : mountInDisguise(text(type), text(device));
}

function deniedSource(source: string, readOnly: boolean, context: PolicyContext): Denial | undefined {
  if (readOnly && PUBLIC_FILES.includes(source)) return undefined;
  const denied = deniedPlace(source, context);
  if (denied === undefined) context.mayBeMounted?.(source);
  return denied;
}

/**
 * Judges a source of a mount by what is there now. The engine looks it up later, and again at every start: a link in it might
 * lead elsewhere by then, so there may be none.
 */
export function deniedPlace(source: string, { realPath, workplace, scratch }: PolicyContext): Denial | undefined {
  if (Buffer.byteLength(source) > MOST_BYTES) return unreadable();
  // The engine normalises the paths of mounts without following links, and passes those of volumes on unchanged.
  const plain = posix.normalize(source).replace(/(?<=.)\/$/, '');
  const places = [realPath(plain), realPath(source)];
  const isAllowed = (place: string): boolean => isWithin(place, workplace) || isWithin(place, scratch);
  const outside = places.find((place) => place === undefined || !isAllowed(place));
  const leads = places.every((place) => place === plain)
    ? ''
    : `, which leads to ${quoted(outside ?? places[0] ?? 'nowhere')}`;
  if (source.startsWith('/') && places.every((place) => place !== undefined && isAllowed(place)))
    return leads === '' ? undefined : byLink(source, leads);
  if (SOCKETS.test(source) || (outside !== undefined && isSocketOrAbove(outside)))
    return denial(
      `the engine's own socket (${quoted(source)}) in a container`,
      'whoever can use it is root on the machine',
      'Call docker from the submission’s script, not from inside a container.',
    );
  return denial(
    `the mount of ${quoted(source)}${leads}`,
    `only what lies in the submission’s own folder, or in ${scratch}, may be mounted`,
    `Put the files into the submission and mount them from there (./file), or use a named volume.`,
  );
}

/** Whether a path is that of an engine's socket, or of a folder that it is in. */
export function isSocketOrAbove(place: string): boolean {
  return SOCKETS.test(place) || SOCKET_FOLDERS.includes(place);
}

function byLink(source: string, leads: string): Denial {
  return denial(
    `the mount of ${quoted(source)}${leads}`,
    'the engine follows no links in the submission’s folder, because they may lead elsewhere by the time that it does',
    'Mount what the link leads to, by its own path. Links inside of what is mounted work.',
  );
}

function upwards(device: string): Denial {
  return denial(`the mount of ${quoted(device)}`, 'it goes upwards (..)', 'Write the path without it.');
}

function tooMany(): Denial {
  return denial('a container with so many mounts', `one may have ${MOST_MOUNTS}`, 'Mount the folder that they are in.');
}

function isWithin(place: string, folder: string): boolean {
  return place === folder || place.startsWith(`${folder}/`);
}

function mountInDisguise(type: string, device: string): Denial {
  return denial(
    `a volume that mounts ${quoted(device)}${type === '' ? '' : ` as ${quoted(type)}`}`,
    'a volume may be a tmpfs or a folder of the submission, and nothing else of the machine or the network',
    'Leave driver_opts out: an ordinary named volume keeps its data as long as the lab host lives.',
  );
}

function unreadable(): Denial {
  return denial(
    'a mount that cannot be read',
    'it is not of the form that the API has',
    'Write it as Docker documents it.',
  );
}

function text(value: Json | undefined): string {
  return typeof value === 'string' ? value : isNothing(value) ? '' : JSON.stringify(value);
}
