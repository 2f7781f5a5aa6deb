/**
 * Whether a deployment failed because something could not be downloaded: a registry or package index out of reach is
 * never the student's fault. An image that a reachable registry does not have ("manifest unknown", "pull access
 * denied") is.
 */

/** Wordings of Docker Engine 20.10 to 28, BuildKit, pip and apt. */
const SIGNS = [
  /Get "https?:\/\/[^"]*\/v2\/[^"]*": .*(no such host|timeout|refused|unreachable|handshake)/i,
  /failed to (resolve|do request).*(no such host|timeout|refused|unreachable|handshake)/i,
  /(error|failed).* (getting|resolving|pulling).*(no such host|i\/o timeout|TLS handshake timeout)/i,
  /toomanyrequests|pull rate limit/i,
  /Failed to establish a new connection.*(Name or service not known|Temporary failure in name resolution|timed out)/i,
  /Temporary failure resolving/i,
];

/** @returns the line that says so, or undefined. */
export function downloadFailure(output: string): string | undefined {
  return output
    .split('\n')
    .find((line) => SIGNS.some((sign) => sign.test(line)))
    ?.trim()
    .slice(0, 400);
}
