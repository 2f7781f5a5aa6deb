/**
 * Offline, one stand-in image serves every tag of an official image: a submission that says `mongo:7` or `nginx:alpine`
 * must not fail because no registry is reachable. When the official images are there, nothing is done here.
 */
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import { repositoryOf, STAND_INS } from '../base/docker/image-name.ts';
import type { TextFile } from '../submission/submission.ts';

const REFERENCE = /(?<![\w./-])(?:docker\.io\/)?(?:library\/)?(nginx|python|mongo|busybox|alpine):([\w][\w.-]{0,127})/g;

/** Gives the stand-ins the tags that the submission's files mention; they have `latest` already. */
export async function provideStandIns(host: LabHost, texts: TextFile[]): Promise<void> {
  // On a machine that others use, too, images keep their names.
  if (host.engine.images !== 'stand-ins' || host.gate !== undefined) return;
  const there: string[] = Object.values(STAND_INS);
  const mentioned = new Set(texts.flatMap(({ text }) => referencesIn(text)));
  await Promise.all(
    [...mentioned]
      .filter((reference) => !there.includes(reference) && !reference.endsWith(':latest'))
      .map(async (reference) => {
        const [repository, tag] = reference.split(':') as [keyof typeof STAND_INS, string];
        await host.docker.getImage(STAND_INS[repository]).tag({ repo: repository, tag });
      }),
  );
}

/** Whether a stand-in is used for an image on this lab host. */
export function isStandIn({ engine }: LabHost, image: string): boolean {
  return engine.images === 'stand-ins' && Object.hasOwn(STAND_INS, repositoryOf(image));
}

/** Image references `repository:tag` of the stand-ins' repositories in a text. */
export function referencesIn(text: string): string[] {
  return [...text.matchAll(REFERENCE)].map(([, repository, tag]) => `${repository}:${tag}`);
}
