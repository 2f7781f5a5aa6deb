/**
 * Whether something failed because it could not be downloaded. It is never the student's fault if a registry or package index
 * is unreachable. It is the student's fault if a reachable registry does not have the image ("manifest unknown", "pull access
 * denied"), or if a container looks for another one by a name that nobody has.
 */

/** How the reason of a lab begins that needs something from the network. */
export const NOT_DOWNLOADED = 'something the submission needs could not be downloaded';

/** Messages of Docker Engine 20.10 to 28, Compose and BuildKit about registries. */
const OF_REGISTRIES = [
  /Get "https?:\/\/[^"]{1,300}\/v2\/[^"]{0,300}": .{0,400}(no such host|timeout|refused|unreachable|handshake)/i,
  /failed to (resolve|do request).{0,600}(no such host|timeout|refused|unreachable|handshake)/i,
  /(error|failed).{0,200} (getting|resolving|pulling).{0,400}(no such host|i\/o timeout|TLS handshake timeout)/i,
  /toomanyrequests|pull rate limit/i,
  /unexpected HTTP status: 5\d\d/i,
];

/** Names an image: BuildKit does (`docker.io/library/redis:7`), and so does the path of a request for its manifest. */
const NAMED_IN_FAILURE =
  /(?:failed to resolve source metadata for |load metadata for |pull image )"?(?:docker\.io\/)?([\w./:@-]{1,255}\w)|\/v2\/([\w./-]{1,255})\/manifests\/([\w.:-]{1,140})/;

/** Messages of tools that download nothing but packages, so that it does not matter which host they name. */
const OF_PACKAGES = [
  // pip's old and new wordings: the path is that of a package index.
  /(Failed to establish a new connection|Failed to resolve|Connection to \S{1,200} timed out).{0,300}\/simple\//i,
  /Could not fetch URL https:\/\/\S{1,200}: There was a problem/i,
  // apt
  /Temporary failure resolving|E: Failed to fetch http|W: Failed to fetch http/i,
  // apk
  /(fetching|ignoring|updating) https?:\/\/\S{1,300}: (dns|temporary|network|could not|no such|try again|i\/o|bad)/i,
  // yarn, dnf, composer, .NET, Gradle and Maven
  /trouble with your network connection|Could not resolve hostname for http|Cannot download repomd|Failed to download metadata/i,
  /Unable to load the service index for source http|Could not (GET|HEAD|transfer artifact) .{0,300}(repo|maven|gradle|plugins)/i,
  // what set-up.sh of the lab host says
  /^netgrade: \S{1,200} is not on a lab host, and a script can install nothing there/,
];

/** Messages about a host that is not found or not reached. It counts if its name is one of the internet's. */
const OF_HOSTS = [
  // curl, git, cargo, composer
  /Could(?: not|n't) resolve (?:host(?:name)?:? |proxy:? )'?([\w.-]{1,253})/i,
  /Failed to connect to ([\w.-]{1,253}) port \d{1,5}.{0,80}(?:unreachable|timed? ?out|Couldn't connect|Could not connect)/i,
  // wget, BusyBox
  /unable to resolve host address [‘'"]([\w.-]{1,253})/i,
  /bad address '([\w.-]{1,253})/i,
  // Node (npm, fetch), Ruby, Python
  /getaddrinfo (?:ENOTFOUND|EAI_AGAIN) ([\w.-]{1,253})/i,
  /Failed to open TCP connection to ([\w.-]{1,253})/i,
  /Failed to resolve '([\w.-]{1,253})/i,
  /host='([\w.-]{1,253})'.{0,400}(?:Name or service not known|Temporary failure in name resolution|timed out|unreachable)/i,
  // Go
  /lookup ([\w.-]{1,253})(?: on \S{1,64})?: (?:no such host|server misbehaving|i\/o timeout|temporary failure)/i,
  /dial tcp:? ([\d.]{7,15}):\d{1,5}: (?:connect: network is unreachable|i\/o timeout|connect: no route)/i,
  // Java
  /Unknown ?Host(?:Exception)?:? ([\w.-]{1,253})/i,
  // the C library's words: ping, ssh, telnet
  /([\w.-]{1,253}): (?:Name or service not known|Temporary failure in name resolution)/i,
  /couldn't get address for '([\w.-]{1,253})/i,
  // PHP
  /getaddrinfo for ([\w.-]{1,253}) failed/i,
];

/** Last parts of names that hosts of the internet have; those of two letters are countries. */
const PUBLIC_ENDS = /\.(com|org|net|io|dev|app|edu|gov|info|cloud|online|site|tech|xyz|example|(?!db$)[a-z]{2})$/i;
/** Not public, though they look like addresses (RFC 6890). */
const PRIVATE_ADDRESS =
  /^(0|10|127|100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])|169\.254|192\.168|192\.0\.[02]|172\.(1[6-9]|2\d|3[01])|198\.(1[89]|51\.100)|203\.0\.113|22[4-9]|2[3-5]\d)\./;
/** BuildKit's number of a step, and its clock. */
const STEP = /^#\d{1,4} (?:\d{1,5}\.\d{1,4} )?/;
/** At most so many characters of a line are read. */
const MOST = 2000;

/** @returns the line of the output that shows a failed download, or undefined. */
export function downloadFailure(output: string): string | undefined {
  return lineWith(output, (line) => matches(OF_REGISTRIES, line) || isOfPackages(line));
}

/** The same for packages and other files only, not images. */
export function packageFailure(output: string): string | undefined {
  return lineWith(output, (line) => !isOfRegistries(line) && isOfPackages(line));
}

/**
 * The images that an output says could not be pulled, in its order.
 *
 * @returns each with the line that shows it; `image` is absent where the output does not tell it.
 */
export function imageFailures(output: string): { image?: string; line: string }[] {
  let asked: string | undefined;
  return output.split('\n').flatMap((whole) => {
    const line = whole.slice(0, MOST);
    asked = /Unable to find image '([^'\s]{1,255})' locally/.exec(line)?.[1] ?? asked;
    if (!isOfRegistries(line)) return [];
    const [, named, path, tag] = NAMED_IN_FAILURE.exec(line) ?? [];
    const image = named ?? (path === undefined ? asked : `${path}:${tag ?? 'latest'}`);
    return [{ ...(image !== undefined && { image }), line: line.trim().slice(0, 400) }];
  });
}

/** A step of a build that fails and gets something by an address. `wget -q` and `curl -s` do not say why. */
const FAILED_STEP =
  /process "(.{0,600}\b(?:curl|wget|git)\b.{0,300}?https?:\/\/([\w.-]{1,253}).{0,600})" did not complete successfully/;
/** What a step of a build prints, after the seconds that BuildKit writes before it; no step reaches a container by its name. */
const UNRESOLVED_IN_STEP =
  /^\s*(?:#\d{1,4} )?\d{1,5}\.\d{1,3} .{0,1500}(?:Temporary failure in name resolution|Name or service not known|Network is unreachable|EAI_AGAIN|no such host)/i;
const STEP_FAILED = /did not complete successfully|returned a non-zero code/;
/** Exit codes that mean that there is no such host (curl), or that the network failed (wget). */
const WITHOUT_NETWORK: Record<number, RegExp> = {
  6: /\bcurl\b[^\n]{0,300}?https?:\/\/([\w.-]{1,253})/,
  4: /\bwget\b[^\n]{0,300}?https?:\/\/([\w.-]{1,253})/,
};

/**
 * Whether something failed that gets a file from the internet, on a machine that has no way there: a step of a build, or the
 * command that ended a script.
 *
 * @param script Its text, where a script ended with this exit code.
 * @returns the command; undefined when there is none.
 */
export function unsaidFailure(
  output: string,
  { exitCode, script = '' }: { exitCode: number | null; script?: string },
): string | undefined {
  for (const line of output.split('\n')) {
    const [, step, host] = FAILED_STEP.exec(line.slice(0, MOST)) ?? [];
    if (step !== undefined && host !== undefined && isPublicHost(host)) return step.slice(0, 400);
  }
  const unresolved = STEP_FAILED.test(output) && lineWith(output, (line) => UNRESOLVED_IN_STEP.test(line));
  if (unresolved) return unresolved;
  for (const line of script.split('\n')) {
    const [command, host] = WITHOUT_NETWORK[exitCode ?? 0]?.exec(line.slice(0, MOST)) ?? [];
    if (command !== undefined && host !== undefined && isPublicHost(host)) return command.slice(0, 400);
  }
  return undefined;
}

/** Whether a name or an address is one of the internet's, not that of a container. */
export function isPublicHost(host: string): boolean {
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(host)) return !PRIVATE_ADDRESS.test(host);
  return PUBLIC_ENDS.test(host.replace(/\.$/, ''));
}

function isOfRegistries(line: string): boolean {
  return matches(OF_REGISTRIES, line) || /lookup (?:registry|auth|index)[\w-]{0,20}\.[\w.]{1,200}/.test(line);
}

function isOfPackages(line: string): boolean {
  return (
    matches(OF_PACKAGES, line) ||
    OF_HOSTS.some((sign) => {
      const host = sign.exec(line)?.[1];
      return host !== undefined && isPublicHost(host);
    })
  );
}

function matches(signs: RegExp[], line: string): boolean {
  return signs.some((sign) => sign.test(line));
}

function lineWith(output: string, isSign: (line: string) => boolean): string | undefined {
  return output
    .split('\n')
    .map((line) => line.slice(0, MOST))
    .find(isSign)
    ?.trim()
    .replace(STEP, '')
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
