/**
 * Prepares what lab hosts are started from: their image, and a volume with the course's images in it ("golden"), whose
 * layers every lab host shares read-only. Each engine generation has its own pair, because each has its own formats of image
 * store and build cache. Their names contain a digest of everything they are made from. So two look-ups show whether all is
 * there, and after a change of a Dockerfile new ones are made.
 */
import type Docker from 'dockerode';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { STAND_INS } from '../../base/docker/image-name.ts';
import type { LabHostImage } from '../lab-host/disposable/start.ts';
import type { ImageSource } from '../lab-host/lab-host.ts';
import { LABEL } from '../lab-host/labels.ts';
import { baseImage, imageSource } from './base-image.ts';
import { digestOf } from '../../base/digest.ts';
import { namesOf, outdated, SUITES, type Generation } from './generations.ts';
import { reasonOf } from '../../base/failure.ts';
import { log } from '../../base/log.ts';
import { imageExists } from './image-exists.ts';
import { agentModules } from './probe-contexts.ts';
import { ensureProbeImage } from './probe-image.ts';
import { say } from './say.ts';
import { sh } from './shell.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
const IMAGES = path.join(ROOT, 'images');
/** The course's own two images are built into the golden volume's build cache, so that students' unmodified ones build at once. */
const COURSE = path.join(ROOT, 'submissions/example-good/nginx-flask-mongo');
const NETWORK = 'netgrade-lab-hosts';
const SOURCE_LABEL = 'netgrade.images';
/** The label of a stand-in: the digest of what it was built from. */
const DIGEST_LABEL = 'netgrade.digest';
const BUILD_MS = 900_000;
const PULL_MS = 900_000;

/** The images that the course's labs need, by the names in the hand-outs. */
const COURSE_IMAGES = Object.values(STAND_INS);

/** Makes what is missing for lab hosts of one generation. It takes less than half a second when nothing is missing. */
export async function ensureImages(docker: Docker, generation: Generation): Promise<LabHostImage> {
  const [digest] = await Promise.all([imagesDigest(), ensureNetwork(docker)]);
  const { image, goldenVolume } = namesOf(digest, generation);
  const [hasImage, golden] = await Promise.all([imageExists(docker, image), inspectVolume(docker, goldenVolume)]);
  const source = golden?.Labels[SOURCE_LABEL] as ImageSource | undefined;
  if (hasImage && source !== undefined) return { image, goldenVolume, network: NETWORK, images: source };
  say(`preparing images for Engine ${generation}, once: this takes a few minutes`);
  const images = await courseImages(docker, digest);
  await prepare(docker, generation, { image, goldenVolume, images });
  await removeOutdated(docker, digest);
  return { image, goldenVolume, network: NETWORK, images };
}

/** The digest of everything that images are made from, and of golden.ts, which fills the golden volume. */
async function imagesDigest(): Promise<string> {
  const filledBy = await readFile(path.join(import.meta.dirname, 'golden.ts'), 'utf8');
  return digestOf([IMAGES, COURSE], `${await agentModules()} ${filledBy}`);
}

/** Provides the course's images, which all generations share. What an earlier generation made is found again. */
async function courseImages(docker: Docker, digest: string): Promise<ImageSource> {
  const images = await imageSource();
  await baseImage(docker, images);
  if (images === 'registry') await pullAll();
  else await buildStandIns(docker, digest);
  return images;
}

async function prepare(
  docker: Docker,
  generation: Generation,
  { image, goldenVolume, images }: { image: string; goldenVolume: string; images: ImageSource },
): Promise<void> {
  say(`building the lab host with Engine ${generation} …`);
  const unfinished = `${image}-unfinished`;
  const probe = await ensureProbeImage(docker, () => Promise.resolve(images));
  const madeFrom = ['--build-arg', `SUITE=${SUITES[generation]}`, '--build-arg', `PROBE=${probe}`];
  const folder = path.join(IMAGES, 'lab-host');
  await sh(['docker', 'buildx', 'build', '--quiet', ...madeFrom, '--tag', unfinished, folder], { timeoutMs: BUILD_MS });
  say('filling the shared image layers …');
  const { fillGolden } = await import('./golden.ts'); // only now, because it loads testcontainers, which takes long
  await fillGolden(docker, {
    image: unfinished,
    generation,
    goldenVolume,
    course: COURSE,
    images: [
      ...COURSE_IMAGES,
      ...(images === 'registry' ? [] : Object.keys(STAND_INS).map((each) => `${each}:latest`)),
      probe,
    ],
    labels: { [LABEL]: 'golden', [SOURCE_LABEL]: images },
  });
  // The image gets its final name last. So whenever an image of this name exists, the volume is complete, even if an earlier
  // run was killed.
  const [repo, tag] = image.split(':') as [string, string];
  await docker.getImage(unfinished).tag({ repo, tag });
  await docker.getImage(unfinished).remove();
}

/** Removes golden volumes of earlier versions. One that a running lab host uses stays. */
async function removeOutdated(docker: Docker, digest: string): Promise<void> {
  const { Volumes } = await docker.listVolumes({ filters: { label: [`${LABEL}=golden`] } });
  const made = (Volumes as (Docker.VolumeInspectInfo & { CreatedAt?: string })[]).map(({ Name, CreatedAt = '' }) => ({
    name: Name,
    madeAt: Date.parse(CreatedAt),
  }));
  await Promise.all(
    outdated(made, digest, Date.now()).map((name) =>
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
    await sh(
      ['docker', 'buildx', 'build', '--quiet', '--label', `${DIGEST_LABEL}=${digest}`]
        .concat(tags.flatMap((tag) => ['--tag', tag]))
        .concat(path.join(IMAGES, repository)),
      { timeoutMs: BUILD_MS },
    );
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
