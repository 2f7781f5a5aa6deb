/**
 * Where images may come from. A build by BuildKit uses protocols of its own (`/grpc`, `/session`), which the engine
 * does not show to the policy. So the policy sees neither a build's base images nor its downloads. The engine itself
 * protects the machine from builds: its settings do not allow `security.insecure`.
 */
import { repositoryOf } from '../../base/docker/image-name.ts';
import { denial, quoted, type Denial } from './denial.ts';
import { COURSE_REPOSITORIES, type PolicyRules } from './rules.ts';

/** `POST /images/create`: a pull, or an import. */
export function deniedPull(query: URLSearchParams, { foreignImages }: PolicyRules): Denial | undefined {
  if (foreignImages) return undefined;
  if (query.getAll('fromSrc').some((source) => source !== '')) return foreign('an image that is imported');
  const strange = query.getAll('fromImage').find((image) => !isTheCourses(image));
  return strange === undefined && query.has('fromImage') ? undefined : foreign(`the image ${quoted(strange ?? '')}`);
}

export function isTheCourses(image: string): boolean {
  return COURSE_REPOSITORIES.includes(repositoryOf(image));
}

/** `POST /images/load`: an archive may contain any image. */
export function deniedLoad({ foreignImages }: PolicyRules): Denial | undefined {
  return foreignImages ? undefined : foreign('an image from an archive');
}

/** `POST /build`: the builder before BuildKit, and BuildKit on Engine 20.10. */
export function deniedBuild(query: URLSearchParams, { foreignImages }: PolicyRules): Denial | undefined {
  if (query.getAll('securityopt').some((option) => option !== '' && option !== '[]' && option !== 'null'))
    return denial(
      'a build with a security option',
      'it takes away what Docker puts between a build and the machine',
      'Leave --security-opt out.',
    );
  if (query.getAll('cgroupparent').some((group) => group !== ''))
    return denial('a build in a control group of its own', 'it could leave the lab host’s limits', 'Leave it out.');
  const remote = query.getAll('remote').find((each) => each !== '' && each !== 'client-session');
  if (remote === undefined || foreignImages) return undefined;
  return foreign(`a build from ${quoted(remote)}`);
}

function foreign(what: string): Denial {
  return denial(
    what,
    'this course takes no images from elsewhere',
    `Use or build on ${COURSE_REPOSITORIES.join(', ')}, which are there.`,
  );
}
