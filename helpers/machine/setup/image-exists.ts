import type Docker from 'dockerode';

/** Whether an engine has an image of this name. */
export async function imageExists(docker: Docker, name: string): Promise<boolean> {
  return docker
    .getImage(name)
    .inspect()
    .then(
      () => true,
      () => false,
    );
}
