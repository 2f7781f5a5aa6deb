/**
 * Whether a deployment failed because something could not be downloaded. It is never the student's fault if a registry
 * or package index is unreachable. It is the student's fault if a reachable registry does not have the image ("manifest
 * unknown", "pull access denied").
 */

/** Messages of Docker Engine 20.10 to 28 and BuildKit about registries. */
const OF_REGISTRIES = [
  /Get "https?:\/\/[^"]*\/v2\/[^"]*": .*(no such host|timeout|refused|unreachable|handshake)/i,
  /failed to (resolve|do request).*(no such host|timeout|refused|unreachable|handshake)/i,
  /(error|failed).* (getting|resolving|pulling).*(no such host|i\/o timeout|TLS handshake timeout)/i,
  /toomanyrequests|pull rate limit/i,
  /unexpected HTTP status: 5\d\d/i,
];
/** Messages of pip and apt. */
const OF_PACKAGES = [
  /Failed to establish a new connection.*(Name or service not known|Temporary failure in name resolution|timed out)/i,
  /Temporary failure resolving/i,
];

/** @returns the line of the output that shows a failed download, or undefined. */
export function downloadFailure(output: string): string | undefined {
  return lineWith([...OF_REGISTRIES, ...OF_PACKAGES], output);
}

/** The same for packages only, not images. */
export function packageFailure(output: string): string | undefined {
  return lineWith(OF_PACKAGES, output);
}

function lineWith(signs: RegExp[], output: string): string | undefined {
  return output
    .split('\n')
    .find((line) => signs.some((sign) => sign.test(line)))
    ?.trim()
    .slice(0, 400);
}

/** Messages of Engine 20.10 to 28 about an image that a reachable registry does not have, or not for everybody. */
const NO_SUCH_IMAGE = [
  /manifest unknown|manifest for .* not found|no matching manifest/i,
  /pull access denied|repository does not exist|repository name not known|requested access .* denied|unauthorized/i,
  /invalid reference format|: not found\b/i,
];

/** Whether an engine says that there is no such image: then the submission names a wrong one. */
export function isNoSuchImage(message: string): boolean {
  return downloadFailure(message) === undefined && NO_SUCH_IMAGE.some((wording) => wording.test(message));
}
