/** What a submission needs from the network: brought before its time limit begins, and nobody's fault when it is missing. */
import { downloadFailure } from '../deploy/download-failure.ts';
import { imagesNamedIn } from '../deploy/named-images.ts';
import { isStandIn } from '../deploy/stand-ins.ts';
import { textsIn } from '../deploy/texts.ts';
import type { ImageShelf, NotDownloaded } from '../lab-host/image-shelf.ts';
import type { LabHost } from '../lab-host/lab-host.ts';
import { isTheCourses } from '../policy/image-rules.ts';
import { imageExists } from '../setup/image-exists.ts';
import type { Deployment } from '../submission/deployment.ts';
import type { Survey } from '../survey/facts.ts';
import { containerOf } from '../survey/roles.ts';
import { isAlive } from '../survey/subjects.ts';

/**
 * Brings the images that the submission names to its lab hosts: no part of its time limit, whatever the network is like.
 *
 * @returns one that could not be downloaded. It may not matter: the deployment asks once more by itself, or makes it.
 */
export async function provideImages(
  shelf: ImageShelf,
  hosts: LabHost[],
  { how }: Deployment,
  folder: string | undefined,
): Promise<NotDownloaded | undefined> {
  if (how === 'live' || folder === undefined) return undefined;
  const named = imagesNamedIn(await textsIn(folder));
  const failures = await Promise.all(
    hosts.map((host) =>
      shelf.provide(
        host,
        named.filter(
          (image) => !isStandIn(host, image) && (host.policy?.foreignImages !== false || isTheCourses(image)),
        ),
      ),
    ),
  );
  return failures.find(Boolean);
}

/**
 * Whether a submission does not run because something could not be downloaded.
 *
 * @param notPulled What provideImages returned.
 * @returns why that is, in words; undefined when all roles run, or when it is the submission's own doing that they do not.
 */
export async function whatIsMissing(
  hosts: LabHost[],
  seen: Survey,
  notPulled: NotDownloaded | undefined,
): Promise<string | undefined> {
  if (everyRoleRuns(seen)) return undefined;
  const outputs = [seen, seen.secondMachine].map((each) => each?.deployment.output ?? '');
  const why = outputs.map(downloadFailure).find(Boolean) ?? (await whyStillMissing(hosts, notPulled));
  const sealed = hosts.map((host) => host.sealed).find(Boolean);
  return why === undefined || sealed === undefined || why.includes(sealed) ? why : `${why} (${sealed})`;
}

/** What the submission has built itself meanwhile was never to be downloaded. */
async function whyStillMissing(hosts: LabHost[], notPulled: NotDownloaded | undefined): Promise<string | undefined> {
  if (notPulled === undefined) return undefined;
  const there = await Promise.all(hosts.map(({ docker }) => imageExists(docker, notPulled.image)));
  return there.includes(true) ? undefined : notPulled.why;
}

function everyRoleRuns(seen: Survey): boolean {
  const machines = [seen, seen.secondMachine].filter((each) => each !== undefined);
  const runsOn = ({ roles, containers }: Survey, role: string): boolean => {
    const container = containerOf(roles[role], containers);
    return container !== undefined && isAlive(container);
  };
  return Object.keys(seen.roles).every((role) => machines.some((machine) => runsOn(machine, role)));
}
