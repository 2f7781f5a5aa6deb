/**
 * Whether a deployment failed because something could not be downloaded: a registry or package index out of reach is
 * never the student's fault. An image that a reachable registry does not have ("manifest unknown", "pull access
 * denied") is.
 */

/** Wordings of Docker Engine 20.10 to 28 and BuildKit. */
const OF_REGISTRIES = [
  /Get "https?:\/\/[^"]*\/v2\/[^"]*": .*(no such host|timeout|refused|unreachable|handshake)/i,
  /failed to (resolve|do request).*(no such host|timeout|refused|unreachable|handshake)/i,
  /(error|failed).* (getting|resolving|pulling).*(no such host|i\/o timeout|TLS handshake timeout)/i,
  /toomanyrequests|pull rate limit/i,
  /unexpected HTTP status: 5\d\d/i,
];
/** Of pip and apt. */
const OF_PACKAGES = [
  /Failed to establish a new connection.*(Name or service not known|Temporary failure in name resolution|timed out)/i,
  /Temporary failure resolving/i,
];

/** @returns the line that says so, or undefined. */
export function downloadFailure(output: string): string | undefined {
  return lineWith([...OF_REGISTRIES, ...OF_PACKAGES], output);
}

/** The same of what is no image. */
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

/** Wordings of Engine 20.10 to 28 for what a reachable registry does not have, or not for everybody. */
const NO_SUCH_IMAGE = [
  /manifest unknown|manifest for .* not found|no matching manifest/i,
  /pull access denied|repository does not exist|repository name not known|requested access .* denied|unauthorized/i,
  /invalid reference format|: not found\b/i,
];

/** Whether an engine says that there is no such image: then it is the submission that names a wrong one. */
export function isNoSuchImage(message: string): boolean {
  return downloadFailure(message) === undefined && NO_SUCH_IMAGE.some((wording) => wording.test(message));
}
