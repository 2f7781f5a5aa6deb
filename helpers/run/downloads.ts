/** Brings the images that a submission needs from the network. If one cannot be downloaded, that is not the student's fault. */
import { downloadFailure, packageFailure } from '../base/docker/download-failure.ts';
import { repositoryOf, STAND_INS } from '../base/docker/image-name.ts';
import { imagesNamedIn } from '../deploy/named-images.ts';
import type { ImageShelf, Provided } from '../machine/lab-host/image-shelf.ts';
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import { isTheCourses } from '../machine/policy/image-rules.ts';
import { imageExists } from '../machine/setup/image-exists.ts';
import type { Deployment } from '../submission/deployment.ts';
import type { Submission } from '../submission/submission.ts';
import type { Survey } from '../survey/facts.ts';
import { playersOf } from '../survey/roles.ts';
import { isAlive } from '../survey/subjects.ts';

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

/**
 * Whether a submission does not run because something could not be downloaded.
 *
 * @param provided What provideImages returned.
 * @returns why it could not be downloaded; undefined when all roles run, or when they do not run for another reason.
 */
export async function whatIsMissing(hosts: LabHost[], seen: Survey, provided: Provided): Promise<string | undefined> {
  if (everyRoleRuns(seen)) return undefined;
  const sealed = hosts.map((host) => host.sealed).find(Boolean);
  // The engine of a machine without a way out says that it reaches no registry. If the porter has asked the registry, and there
  // is no such image, then that is not a failed download.
  const failureIn = sealed !== undefined && provided.noSuch.length > 0 ? packageFailure : downloadFailure;
  const outputs = [seen, seen.secondMachine].map((each) => each?.deployment.output ?? '');
  const why = (await whyStillMissing(hosts, provided)) ?? outputs.map(failureIn).find(Boolean);
  return why === undefined || sealed === undefined || why.includes(sealed) ? why : `${why} (${sealed})`;
}

/** Why an image is still missing; undefined if the submission has built it itself, so that no download was needed. */
async function whyStillMissing(hosts: LabHost[], { missing }: Provided): Promise<string | undefined> {
  if (missing === undefined) return undefined;
  const there = await Promise.all(hosts.map(({ docker }) => imageExists(docker, missing.image)));
  return there.includes(true) ? undefined : missing.why;
}

/** The images that no registry has and that the submission has not built, either. */
export async function unknownImages({ docker }: LabHost, { noSuch }: Provided): Promise<string[]> {
  const there = await Promise.all(noSuch.map((image) => imageExists(docker, image)));
  return noSuch.filter((_, i) => there[i] === false);
}

function everyRoleRuns(seen: Survey): boolean {
  const machines = [seen, seen.secondMachine].filter((each) => each !== undefined);
  const runsOn = ({ roles, containers }: Survey, role: string): boolean => {
    const players = playersOf(roles[role], containers);
    return players.length > 0 && players.every(isAlive);
  };
  return Object.keys(seen.roles).every((role) => machines.some((machine) => runsOn(machine, role)));
}

/** Whether a stand-in is used for an image on this lab host: its own registry has it under every tag. */
function isStandIn({ engine }: LabHost, image: string): boolean {
  return engine.images === 'stand-ins' && Object.hasOwn(STAND_INS, repositoryOf(image));
}
