/** Whether a deployment failed because its engine is broken in a way that is known: never the student's fault. */

/**
 * Engines of summer 2026 on Linux before 6.6 copy nothing into a container, neither for `docker cp` nor for Compose's
 * `configs:` with contents (moby/go-archive#103; seen with Debian's docker.io 28.5.2+dfsg4-5 on Linux 6.1).
 */
const COPIES_NOTHING = /via \/proc\/self\/fd\/\d+: no such file or directory/;

/**
 * @param output What the deployment printed.
 * @param version The engine's.
 * @returns what is wrong, and what to do; undefined when nothing is known to be.
 */
export function engineFault(output: string, version: string): string | undefined {
  if (!COPIES_NOTHING.test(output)) return undefined;
  return `Docker Engine ${version} copies no file into a container on a Linux before 6.6 (moby/go-archive#103), and the submission needs it to: grade with --engine 26.1, or on a machine with a newer Linux`;
}
