/** Brings the images that a submission needs from the network. If one cannot be downloaded, that is not the student's fault. */
import { imageFailures, NOT_DOWNLOADED, packageFailure, unsaidFailure } from '../base/docker/download-failure.ts';
import { fullNameOf, repositoryOf, STAND_INS } from '../base/docker/image-name.ts';
import { imagesMadeBy, imagesNamedIn } from '../deploy/named-images.ts';
import type { ImageShelf, Provided } from '../machine/lab-host/image-shelf.ts';
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import { isTheCourses } from '../machine/policy/image-rules.ts';
import { imageExists } from '../machine/setup/image-exists.ts';
import type { Deployment } from '../submission/deployment.ts';
import type { Submission, TextFile } from '../submission/submission.ts';

/**
 * Brings the images that the submission names to its lab hosts. A slow network costs the submission nothing: its time limit
 * begins only afterwards.
 *
 * @returns the images that could not be had. The submission may run nevertheless: the engine tries again, or an image is built.
 */
export async function provideImages(
  shelf: ImageShelf,
  hosts: LabHost[],
  { how }: Deployment,
  submission: Submission | undefined,
): Promise<Provided> {
  if (how === 'live' || submission === undefined) return { noSuch: [] };
  const named = imagesNamedIn(submission.texts);
  const provided = await Promise.all(
    hosts.map((host) =>
      shelf.provide(
        host,
        named.filter(
          (image) => !isStandIn(host, image) && (host.policy?.foreignImages !== false || isTheCourses(image)),
        ),
      ),
    ),
  );
  const missing = provided.map((each) => each.missing).find((each) => each !== undefined);
  return { noSuch: [...new Set(provided.flatMap(({ noSuch }) => noSuch))], ...(missing && { missing }) };
}

/** Whether a stand-in is used for an image on this lab host: its own registry has it under every tag. */
function isStandIn({ engine }: LabHost, image: string): boolean {
  return engine.images === 'stand-ins' && Object.hasOwn(STAND_INS, repositoryOf(image));
}

/**
 * Whether a submission that does not run lacks something that could not be downloaded.
 *
 * @param said What its deployment has printed, and its containers that do not run.
 * @param ended How its scripts ended.
 * @param provided What provideImages returned.
 * @param files What was handed in.
 * @returns why it could not be downloaded, and the way on; undefined when nothing says so.
 */
export async function whatIsMissing(
  hosts: LabHost[],
  said: string[],
  provided: Provided,
  files: Pick<TextFile, 'file' | 'text'>[],
  ended: { output: string; exitCode: number | null; script?: string }[] = [],
): Promise<string | undefined> {
  const sealed = hosts.map((host) => host.sealed).find(Boolean);
  const why =
    (await whyStillMissing(hosts, provided)) ??
    said.map(packageFailure).find(Boolean) ??
    said.map((output) => imageFailure(output, sealed !== undefined, provided, files)).find(Boolean);
  return reasonWith(why ?? (sealed && ended.map((each) => unsaidFailure(each.output, each)).find(Boolean)), sealed);
}

function reasonWith(why: string | undefined, sealed: string | undefined): string | undefined {
  if (why === undefined) return undefined;
  return `${NOT_DOWNLOADED}: ${why}${sealed === undefined || why.includes(sealed) ? '' : ` (${sealed})`}`;
}

/** Why an image is still missing; undefined if the submission has built it itself, so that no download was needed. */
async function whyStillMissing(hosts: LabHost[], { missing }: Provided): Promise<string | undefined> {
  if (missing === undefined) return undefined;
  const there = await Promise.all(hosts.map(({ docker }) => imageExists(docker, missing.image)));
  return there.includes(true) ? undefined : missing.why;
}

/** A build of one's own that failed. */
const FAILED_BUILD =
  /failed to (?:solve|build)|returned a non-zero code: \d|^ERROR: .{0,200}(?:Dockerfile|docker build)/im;

/**
 * The line about an image that could not be pulled. Two kinds of image do not count: those of which a registry has said that
 * there is none, and those that the submission builds itself. When that build has failed, an engine looks for them at Docker Hub.
 */
function imageFailure(
  output: string,
  isSealed: boolean,
  { noSuch }: Provided,
  files: Pick<TextFile, 'file' | 'text'>[],
): string | undefined {
  // The engine of a machine without a way out says that it reaches no registry. The porter has asked it.
  if (isSealed && noSuch.length > 0) return undefined;
  const made = imagesMadeBy(files);
  const needed = imagesNamedIn(files);
  const isOwn = (image: string): boolean => {
    const name = fullNameOf(image);
    return made.includes(name) || (FAILED_BUILD.test(output) && !needed.includes(name));
  };
  return imageFailures(output).find(({ image }) => image === undefined || !isOwn(image))?.line;
}

/** The images that no registry has and that the submission has not built, either. */
export async function unknownImages({ docker }: LabHost, { noSuch }: Provided): Promise<string[]> {
  const there = await Promise.all(noSuch.map((image) => imageExists(docker, image)));
  return noSuch.filter((_, i) => there[i] === false);
}
