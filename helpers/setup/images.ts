/**
 * Prepares what lab hosts are started from: their image, and a volume with the course's images in it ("golden"), whose
 * layers every lab host shares read-only. Both are named by a digest of everything they are made from, so that "all is
 * there" is two look-ups, and a changed Dockerfile makes new ones by itself.
 */
import type Docker from 'dockerode';
import path from 'node:path';
import { STAND_INS } from '../deploy/stand-ins.ts';
import type { LabHostImage } from '../lab-host/disposable.ts';
import type { ImageSource } from '../lab-host/lab-host.ts';
import { LABEL } from '../lab-host/labels.ts';
import { baseImage } from './base-image.ts';
import { digestOf } from '../digest.ts';
import { fillGolden } from './golden.ts';
import { nodeContext } from './node-context.ts';
import { say } from './say.ts';
import { sh } from './shell.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const IMAGES = path.join(ROOT, 'images');
/** The course's own two images are built into the golden volume, so that unmodified ones cost no build. */
const COURSE = path.join(ROOT, 'submissions/example-good/nginx-flask-mongo');
const NETWORK = 'netgrade-lab-hosts';
const SOURCE_LABEL = 'netgrade.images';
const BUILD_MS = 900_000;
const PULL_MS = 900_000;
const REGISTRY_PROBE_MS = 30_000;

/** What the course's labs need, under the names the hand-outs use. */
const COURSE_IMAGES = Object.values(STAND_INS);

/** Makes what is missing; under half a second when nothing is. */
export async function ensureImages(docker: Docker): Promise<LabHostImage> {
  const [digest] = await Promise.all([digestOf([IMAGES, COURSE, import.meta.dirname]), ensureNetwork(docker)]);
  const image = `netgrade/lab-host:${digest}`;
  const goldenVolume = `netgrade-golden-${digest}`;
  const [hasImage, golden] = await Promise.all([exists(docker.getImage(image)), inspectVolume(docker, goldenVolume)]);
  const source = golden?.Labels[SOURCE_LABEL] as ImageSource | undefined;
  if (hasImage && source !== undefined) return { image, goldenVolume, network: NETWORK, images: source };
  const prepared = await prepare(docker, image, goldenVolume);
  await removeOutdated(docker, goldenVolume);
  return prepared;
}

async function prepare(docker: Docker, image: string, goldenVolume: string): Promise<LabHostImage> {
  say('preparing images, once: this takes a few minutes');
  const images: ImageSource = (await registryInReach()) ? 'registry' : 'stand-ins';
  await baseImage(docker, images);
  say('building the lab host …');
  await using node = await nodeContext(images);
  const unfinished = `${image}-unfinished`;
  await sh(
    ['docker', 'buildx', 'build', '--quiet', ...node.arguments, '--tag', unfinished, path.join(IMAGES, 'lab-host')],
    { timeoutMs: BUILD_MS },
  );
  if (images === 'registry') await pullAll();
  else await buildStandIns();
  say('filling the shared image layers …');
  await fillGolden(docker, {
    image: unfinished,
    goldenVolume,
    course: COURSE,
    images:
      images === 'registry'
        ? COURSE_IMAGES
        : [...COURSE_IMAGES, ...Object.keys(STAND_INS).map((each) => `${each}:latest`)],
    labels: { [LABEL]: 'golden', [SOURCE_LABEL]: images },
  });
  // Last: that the image has its final name says that the volume is whole, even if an earlier run was killed.
  const [repo, tag] = image.split(':') as [string, string];
  await docker.getImage(unfinished).tag({ repo, tag });
  await docker.getImage(unfinished).remove();
  return { image, goldenVolume, network: NETWORK, images };
}

/** Golden volumes of earlier versions; one that a running lab host uses stays. */
async function removeOutdated(docker: Docker, current: string): Promise<void> {
  const { Volumes } = await docker.listVolumes({ filters: { label: [`${LABEL}=golden`] } });
  const outdated = Volumes.filter(({ Name }) => Name !== current);
  await Promise.all(
    outdated.map(({ Name }) =>
      docker
        .getVolume(Name)
        .remove()
        .catch(() => undefined),
    ),
  );
}

async function registryInReach(): Promise<boolean> {
  try {
    await sh(['docker', 'pull', '--quiet', 'debian:bookworm-slim'], { timeoutMs: REGISTRY_PROBE_MS });
    return true;
  } catch {
    say('no image registry in reach: building stand-ins for the official images from Debian packages');
    return false;
  }
}

async function pullAll(): Promise<void> {
  for (const image of COURSE_IMAGES) {
    say(`pulling ${image} …`);
    await sh(['docker', 'pull', '--quiet', image], { timeoutMs: PULL_MS });
  }
}

async function buildStandIns(): Promise<void> {
  // One after another: each takes all cores, and alpine is built from busybox.
  for (const [repository, image] of Object.entries(STAND_INS)) {
    say(`building the stand-in for ${repository} …`);
    const tags = [image, `${repository}:latest`].flatMap((tag) => ['--tag', tag]);
    await sh(['docker', 'buildx', 'build', '--quiet', ...tags, path.join(IMAGES, repository)], {
      timeoutMs: BUILD_MS,
    });
  }
}

/** Lab hosts stand on a network of their own on which they cannot reach each other. */
async function ensureNetwork(docker: Docker): Promise<void> {
  const [known] = await docker.listNetworks({ filters: { name: [`^${NETWORK}$`] } });
  if (known !== undefined) return;
  await docker.createNetwork({
    Name: NETWORK,
    Labels: { [LABEL]: 'network' },
    Options: { 'com.docker.network.bridge.enable_icc': 'false' },
  });
}

async function exists(image: Docker.Image): Promise<boolean> {
  return image.inspect().then(
    () => true,
    () => false,
  );
}

async function inspectVolume(docker: Docker, name: string): Promise<Docker.VolumeInspectInfo | undefined> {
  return docker
    .getVolume(name)
    .inspect()
    .catch(() => undefined);
}
