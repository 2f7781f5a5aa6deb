/**
 * Prepares what lab hosts are started from: their image, and a volume with the course's images in it ("golden"), whose
 * layers every lab host shares read-only. Each engine generation has its own pair, because each has its own formats of image
 * store and build cache. Their names contain a digest of everything they are made from. So a few look-ups show whether all is
 * there, and after a change of a Dockerfile new ones are made. The scripts of the lab host's image are no part of what is in
 * the volume: after a change of these only the image is made anew, which takes seconds.
 */
import type Docker from 'dockerode';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { STAND_INS } from '../../base/docker/image-name.ts';
import type { LabHostImage } from '../lab-host/disposable/start.ts';
import type { ImageSource } from '../lab-host/lab-host.ts';
import { LABEL } from '../lab-host/labels.ts';
import { build } from './docker-plugins.ts';
import { baseImage, imageSource } from './base-image.ts';
import { digestOf } from '../../base/digest.ts';
import { namesOf, outdated, SUITES, type Digests, type Generation } from './generations.ts';
import { reasonOf } from '../../base/failure.ts';
import { log } from '../../base/log.ts';
import { imageExists } from './image-exists.ts';
import { agentModules } from './probe-contexts.ts';
import { putPrepared, SOURCE_LABEL, storeOf, takePrepared, type Prepared } from './image-store.ts';
import { ensureProbeImage } from './probe-image.ts';
import { say } from './say.ts';
import { sh } from './shell.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const IMAGES = path.join(ROOT, 'images');
/** What a lab host does when it starts, and how it runs a submission's commands. */
const SCRIPTS = path.join(IMAGES, 'lab-host/scripts');
/** The course's own two images are built into the golden volume's build cache, so that students' unmodified ones build at once. */
const COURSE = path.join(ROOT, 'submissions/example-good/nginx-flask-mongo');
const NETWORK = 'netgrade-lab-hosts';
/** The label of a stand-in: the digest of what it was built from. */
const DIGEST_LABEL = 'netgrade.digest';
const BUILD_MS = 900_000;
const PULL_MS = 900_000;

/** The images that the course's labs need, by the names in the hand-outs. */
const COURSE_IMAGES = Object.values(STAND_INS);

/** The names of what lab hosts of one generation are started from. They are others whenever the content would be another one. */
export async function preparedNames(generation: Generation): Promise<Prepared> {
  return namesOf(await imagesDigests(), generation);
}

/**
 * Makes what is missing for lab hosts of one generation. It takes less than half a second when nothing is missing.
 *
 * @param store Where it is looked for before it is made; a folder is filled with what has been made. See image-store.ts.
 */
export async function ensureImages(docker: Docker, generation: Generation, store?: string): Promise<LabHostImage> {
  const [digests] = await Promise.all([imagesDigests(), ensureNetwork(docker)]);
  const names = namesOf(digests, generation);
  const { image, goldenVolume } = names;
  const [hasImage, golden] = await Promise.all([imageExists(docker, image), findGolden(docker, names)]);
  const found = { image, goldenVolume, network: NETWORK };
  if (hasImage && golden !== undefined) return { ...found, images: golden };
  const taken = store === undefined ? undefined : await takePrepared(docker, names, store);
  if (taken !== undefined) return { ...found, images: taken };
  say(`preparing images for Engine ${generation}, once: this takes a few minutes`);
  const images = golden ?? (await courseImages(docker, digests.golden));
  await prepare(docker, generation, { ...names, images, isFilled: golden !== undefined });
  await removeOutdated(docker, digests);
  if (store !== undefined && 'folder' in storeOf(store)) await putPrepared(docker, names, store);
  return { ...found, images };
}

/** The digests of all that lab hosts are made from. golden.ts, which fills the golden volume, is a part of it. */
async function imagesDigests(): Promise<Digests> {
  const filledBy = await readFile(path.join(import.meta.dirname, 'golden.ts'), 'utf8');
  const besides = `${await agentModules()} ${filledBy}`;
  const golden = await digestOf([IMAGES, COURSE], besides, [SCRIPTS]);
  return { golden, image: await digestOf([SCRIPTS], golden) };
}

/** @returns what the images in a complete golden volume are; undefined if there is none. */
async function findGolden(
  docker: Docker,
  { filled, goldenVolume }: { filled: string; goldenVolume: string },
): Promise<ImageSource | undefined> {
  const [isComplete, volume] = await Promise.all([imageExists(docker, filled), inspectVolume(docker, goldenVolume)]);
  return isComplete ? (volume?.Labels[SOURCE_LABEL] as ImageSource | undefined) : undefined;
}

/** Provides the course's images, which all generations share. What an earlier generation made is found again. */
async function courseImages(docker: Docker, digest: string): Promise<ImageSource> {
  const images = await imageSource(docker);
  await baseImage(docker, images);
  if (images === 'registry') await pullAll();
  else await buildStandIns(docker, digest);
  return images;
}

async function prepare(
  docker: Docker,
  generation: Generation,
  made: { image: string; goldenVolume: string; filled: string; images: ImageSource; isFilled: boolean },
): Promise<void> {
  const { image, goldenVolume, images } = made;
  say(`building the lab host with Engine ${generation} …`);
  const unfinished = `${image}-unfinished`;
  const probe = await ensureProbeImage(docker, () => Promise.resolve(images));
  const madeFrom = ['--build-arg', `SUITE=${SUITES[generation]}`, '--build-arg', `PROBE=${probe}`];
  const folder = path.join(IMAGES, 'lab-host');
  await build([...madeFrom, '--tag', unfinished, folder], BUILD_MS);
  if (!made.isFilled) {
    say('filling the shared image layers …');
    const { fillGolden } = await import('./golden.ts'); // only now, because it loads testcontainers, which takes long
    const latest = images === 'registry' ? [] : Object.keys(STAND_INS).map((each) => `${each}:latest`);
    const kept = [...new Set([...COURSE_IMAGES, ...latest])];
    await fillGolden(docker, {
      image: unfinished,
      generation,
      goldenVolume,
      course: COURSE,
      images: [...kept, probe],
      kept,
      labels: { [LABEL]: 'golden', [SOURCE_LABEL]: images },
    });
    // Only now: so whenever an image of this name exists, the volume is complete, even if an earlier run was killed.
    await tag(docker, unfinished, made.filled);
  }
  await tag(docker, unfinished, image);
  await docker.getImage(unfinished).remove();
}

async function tag(docker: Docker, image: string, name: string): Promise<void> {
  const [repo, version] = name.split(':') as [string, string];
  await docker.getImage(image).tag({ repo, tag: version });
}

/** Removes golden volumes of earlier versions. One that a running lab host uses stays. */
async function removeOutdated(docker: Docker, digests: Digests): Promise<void> {
  const { Volumes } = await docker.listVolumes({ filters: { label: [`${LABEL}=golden`] } });
  const made = (Volumes as (Docker.VolumeInspectInfo & { CreatedAt?: string })[]).map(({ Name, CreatedAt = '' }) => ({
    name: Name,
    madeAt: Date.parse(CreatedAt),
  }));
  await Promise.all(
    outdated(made, digests, Date.now()).map((name) =>
      docker
        .getVolume(name)
        .remove()
        .catch((error: unknown) => {
          log('engine', `volume ${name} stays: ${reasonOf(error)}`); // a running lab host uses it: a later run removes it
        }),
    ),
  );
}

async function pullAll(): Promise<void> {
  for (const image of COURSE_IMAGES) {
    say(`pulling ${image} …`);
    await sh(['docker', 'pull', '--quiet', image], { timeoutMs: PULL_MS });
  }
}

async function buildStandIns(docker: Docker, digest: string): Promise<void> {
  // One after another, because each build uses all cores, and alpine is built from busybox.
  for (const [repository, image] of Object.entries(STAND_INS)) {
    const tags = [image, `${repository}:latest`];
    const built = await Promise.all(tags.map((tag) => digestLabelOf(docker.getImage(tag))));
    if (built.every((each) => each === digest)) continue;
    say(`building the stand-in for ${repository} …`);
    const names = tags.flatMap((tag) => ['--tag', tag]);
    await build(['--label', `${DIGEST_LABEL}=${digest}`, ...names, path.join(IMAGES, repository)], BUILD_MS);
  }
}

async function digestLabelOf(image: Docker.Image): Promise<string | undefined> {
  return image.inspect().then(
    ({ Config }) => (Config.Labels as Record<string, string> | null)?.[DIGEST_LABEL],
    () => undefined,
  );
}

/** Makes the network of the lab hosts, on which they cannot reach each other. */
async function ensureNetwork(docker: Docker): Promise<void> {
  const [known] = await docker.listNetworks({ filters: { name: [`^${NETWORK}$`] } });
  if (known !== undefined) return;
  await docker.createNetwork({
    Name: NETWORK,
    Labels: { [LABEL]: 'network' },
    Options: { 'com.docker.network.bridge.enable_icc': 'false' },
  });
}

async function inspectVolume(docker: Docker, name: string): Promise<Docker.VolumeInspectInfo | undefined> {
  return docker
    .getVolume(name)
    .inspect()
    .catch(() => undefined); // there is no such volume
}
