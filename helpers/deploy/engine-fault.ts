/** Whether a deployment failed because of a known bug of its engine, which is never the student's fault. */
import type Docker from 'dockerode';

/**
 * Engines of summer 2026 on Linux before 6.6 copy nothing into a container, neither for `docker cp` nor for Compose's
 * `configs:` with contents (moby/go-archive#103; seen with Debian's docker.io 28.5.2+dfsg4-5 on Linux 6.1).
 */
const COPIES_NOTHING = /via \/proc\/self\/fd\/\d+: no such file or directory/;
const MENDED_IN = [6, 6] as const;

/**
 * @param output What the deployment printed. A submission can print this message itself, so the version of the engine's
 *   kernel is checked, too.
 * @returns what is wrong and what to do; undefined when no known bug is the cause.
 */
export async function engineFault(output: string, docker: Docker): Promise<string | undefined> {
  if (!COPIES_NOTHING.test(output)) return undefined;
  const { Version, KernelVersion } = await docker.version();
  if (!isBefore(KernelVersion, MENDED_IN)) return undefined;
  return `Docker Engine ${Version} copies no file into a container on Linux ${KernelVersion} (moby/go-archive#103), and the submission needs it to: grade with --engine 26.1, or on a machine with Linux ${MENDED_IN.join('.')} or later`;
}

function isBefore(kernel: string | undefined, [major, minor]: readonly [number, number]): boolean {
  const [ownMajor = 0, ownMinor = 0] = (kernel ?? '').split('.').map((part) => Number.parseInt(part, 10));
  return ownMajor < major || (ownMajor === major && ownMinor < minor);
}
