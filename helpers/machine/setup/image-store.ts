/**
 * Prepared images for other machines, so that these do not have to prepare them: in a registry of the course, or in a folder,
 * such as one that a CI system keeps from job to job. Two images go there: the lab host, and one built on it that has the
 * golden volume in an archive. (As layers of an image, the engine would take the deletions in the volume's own layers for its
 * own.) Their tag is the digest of all that they are made from: what has it, this version of netgrade would make.
 */
import { existsSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import path from 'node:path';
import type Docker from 'dockerode';
import { UsageError, reasonOf } from '../../base/failure.ts';
import { log } from '../../base/log.ts';
import { LABEL, ownLabels } from '../lab-host/labels.ts';
import type { ImageSource } from '../lab-host/lab-host.ts';
import { say } from './say.ts';
import { sh } from './shell.ts';

/** Says of a golden volume where its images come from. */
export const SOURCE_LABEL = 'netgrade.images';
/** Says of a packed volume what it is: its name, and the lab host's. */
const PACKED_LABEL = 'netgrade.packed';
const ARCHIVE = '/golden.tar';
/** Overlay's own marks are extended attributes and devices. */
const TAR = ['--xattrs', '--xattrs-include=*', '--acls', '--numeric-owner', '--sparse', '--directory', '/golden'];
const COPY_MS = 900_000;

/** What lab hosts of one generation are started from, by names; see `namesOf` in generations.ts. */
export interface Prepared {
  image: string;
  goldenVolume: string;
  /** The name that says that the volume is complete. */
  filled: string;
}

/** @throws {UsageError} when it is neither. */
export function storeOf(text: string): { folder: string } | { registry: string } {
  if (/^(\.{0,2}|[A-Za-z]:)[/\\]/.test(text) || text === '.') return { folder: path.resolve(text) };
  if (/^[\w.-]+(:\d+)?(\/[a-z0-9._-]+)*$/.test(text)) return { registry: text };
  throw new UsageError(`"${text}" is neither a registry, HOST[:PORT][/PATH], nor a folder, which begins with / or ./`);
}

/** What the images are called in a store, whatever they are called here: a tag that is another one for another content. */
export async function contentTag(docker: Docker, { image }: Prepared): Promise<string> {
  const { Architecture } = (await docker.info()) as { Architecture: string };
  return `${image.split(':').at(-1) ?? ''}-${Architecture}`;
}

/**
 * Puts prepared images into a store.
 *
 * @returns what they are called there.
 * @throws {UsageError} when the store does not take them.
 */
export async function putPrepared(docker: Docker, names: Prepared, store: string): Promise<string[]> {
  const place = storeOf(store);
  const tag = await contentTag(docker, names);
  say(`packing the shared image layers for ${store} …`);
  const packed = await pack(docker, names, tag);
  try {
    if ('folder' in place) return [await save(place.folder, tag, [names.image, packed])];
    const there = namesIn(place.registry, tag);
    for (const [from, to] of [
      [names.image, there.image],
      [packed, there.packed],
    ] as const) {
      await sh(['docker', 'tag', from, to], { timeoutMs: COPY_MS });
      say(`pushing ${to} …`);
      await sh(['docker', 'push', '--quiet', to], { timeoutMs: COPY_MS });
      await untag(docker, to);
    }
    return Object.values(there);
  } finally {
    await untag(docker, packed);
  }
}

/**
 * Takes prepared images from a store.
 *
 * @returns where the images in the volume come from; undefined when the store does not have them: they have to be made here.
 * @throws {UsageError} when the store has something else under their name.
 */
export async function takePrepared(docker: Docker, names: Prepared, store: string): Promise<ImageSource | undefined> {
  const place = storeOf(store);
  const tag = await contentTag(docker, names);
  const got = 'folder' in place ? await load(place.folder, tag) : await pull(place.registry, tag);
  if (got === undefined) return undefined;
  const there = 'folder' in place ? { image: names.image, packed: packedName(tag) } : namesIn(place.registry, tag);
  try {
    const source = await check(docker, names, there, store);
    await sh(['docker', 'tag', there.image, names.image], { timeoutMs: COPY_MS });
    await unpack(docker, names, there.packed, source);
    // Only now: whenever this name is there, the volume is complete.
    await sh(['docker', 'tag', names.image, names.filled], { timeoutMs: COPY_MS });
    return source;
  } finally {
    await untag(docker, there.packed);
    if (there.image !== names.image) await untag(docker, there.image);
  }
}

function namesIn(registry: string, tag: string): { image: string; packed: string } {
  return { image: `${registry}/netgrade-lab-host:${tag}`, packed: `${registry}/netgrade-golden:${tag}` };
}

function packedName(tag: string): string {
  return `netgrade/packed:${tag}`;
}

function archiveIn(folder: string, tag: string): string {
  return path.join(folder, `${tag}.tar`);
}

async function save(folder: string, tag: string, images: string[]): Promise<string> {
  const file = archiveIn(folder, tag);
  await mkdir(folder, { recursive: true });
  await sh(['docker', 'save', '--output', `${file}.part`, ...images], { timeoutMs: COPY_MS });
  await rename(`${file}.part`, file);
  return file;
}

async function load(folder: string, tag: string): Promise<true | undefined> {
  const file = archiveIn(folder, tag);
  if (!existsSync(file)) return undefined;
  say(`loading the images of lab hosts from ${file} …`);
  await sh(['docker', 'load', '--quiet', '--input', file], { timeoutMs: COPY_MS });
  return true;
}

async function pull(registry: string, tag: string): Promise<true | undefined> {
  const { image, packed } = namesIn(registry, tag);
  say(`pulling the images of lab hosts from ${registry} …`);
  try {
    // The second has the layers of the first.
    for (const each of [packed, image]) await sh(['docker', 'pull', '--quiet', each], { timeoutMs: COPY_MS });
    return true;
  } catch (error) {
    const why = reasonOf(error).trim().split('\n').at(-1) ?? '';
    say(
      `${registry} does not have the images that this version of netgrade needs (${tag}): ${why}. They are made here, which takes minutes; "npm run images -- --push ${registry}" puts them there`,
    );
    return undefined;
  }
}

/** Makes sure that the two images are what their names say, and belong together. */
async function check(
  docker: Docker,
  names: Prepared,
  there: { image: string; packed: string },
  store: string,
): Promise<ImageSource> {
  const [image, packed] = await Promise.all([there.image, there.packed].map((name) => imageCalled(docker, name)));
  const labels = (packed?.Config.Labels ?? {}) as Record<string, string>;
  const below = packed?.RootFS.Layers ?? [];
  const isBuiltOnIt = image?.RootFS.Layers?.every((layer, i) => below[i] === layer) === true;
  if (labels[PACKED_LABEL] === idOf(names) && isBuiltOnIt) return labels[SOURCE_LABEL] as ImageSource;
  throw new UsageError(
    `${store} has something else than netgrade’s images under their name: what is there says that it is ${labels[PACKED_LABEL] ?? 'nothing of netgrade’s'}, and this version needs ${idOf(names)}. Remove it there (${there.packed}), and push the images again`,
  );
}

async function imageCalled(docker: Docker, name: string): Promise<Docker.ImageInspectInfo | undefined> {
  return docker
    .getImage(name)
    .inspect()
    .catch(() => undefined); // there is none
}

function idOf({ image, goldenVolume }: Prepared): string {
  return `${image} ${goldenVolume}`;
}

/** Makes an image of the lab host with the volume as an archive. @returns its name. */
async function pack(docker: Docker, names: Prepared, tag: string): Promise<string> {
  const { Labels } = await docker.getVolume(names.goldenVolume).inspect();
  const labels = { [PACKED_LABEL]: idOf(names), [SOURCE_LABEL]: Labels[SOURCE_LABEL] ?? '' };
  const command = ['tar', '--create', '--file', ARCHIVE, ...TAR, '.'];
  await inContainer({ image: names.image, volume: `${names.goldenVolume}:/golden:ro`, command }, async (id) => {
    const changes = Object.entries(labels).flatMap(([key, value]) => [
      '--change',
      `LABEL ${key}=${JSON.stringify(value)}`,
    ]);
    await sh(['docker', 'commit', ...changes, id, packedName(tag)], { timeoutMs: COPY_MS });
  });
  return packedName(tag);
}

async function unpack(docker: Docker, names: Prepared, packed: string, source: ImageSource): Promise<void> {
  const { goldenVolume } = names;
  // An ended run may have left it half filled.
  await docker
    .getVolume(goldenVolume)
    .remove({ force: true })
    .catch(() => undefined);
  await docker.createVolume({ Name: goldenVolume, Labels: { [LABEL]: 'golden', [SOURCE_LABEL]: source } });
  const command = ['tar', '--extract', '--file', ARCHIVE, '--same-permissions', ...TAR];
  await inContainer({ image: packed, volume: `${goldenVolume}:/golden`, command });
}

/** Runs a command with a volume, in a container that is removed afterwards: with all rights, as devices are in the volume. */
async function inContainer(
  { image, volume, command: [program = '', ...args] }: { image: string; volume: string; command: string[] },
  then: (container: string) => Promise<void> = () => Promise.resolve(),
): Promise<void> {
  const labels = Object.entries(ownLabels()).flatMap(([key, value]) => ['--label', `${key}=${value}`]);
  const how = ['--privileged', '--network', 'none', '--volume', volume, '--entrypoint', program];
  const created = await sh(['docker', 'create', ...labels, ...how, image, ...args], { timeoutMs: COPY_MS });
  const id = created.trim().split('\n').at(-1) ?? '';
  try {
    await sh(['docker', 'start', '--attach', id], { timeoutMs: COPY_MS });
    await then(id);
  } finally {
    await sh(['docker', 'rm', '--force', '--volumes', id], { timeoutMs: COPY_MS });
  }
}

async function untag(docker: Docker, image: string): Promise<void> {
  await docker
    .getImage(image)
    .remove()
    .catch((error: unknown) => {
      log('engine', `${image} was not removed: ${reasonOf(error)}`); // it is not there, or a container uses it
    });
}
