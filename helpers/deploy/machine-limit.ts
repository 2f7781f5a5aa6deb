/** Whether a submission asks for something that the grading machine does not have, and another machine may. */

/**
 * Messages of Docker Engine 20.10 to 28 and of the kernel, and what each is about. None of them is printed because of a mistake
 * that would show on every machine.
 */
const LIMITS: [RegExp, string][] = [
  [/range of CPUs is from [\d.]{1,10} to [\d.]{1,10}, as there are only \d{1,4} CPUs available/i, 'its processors'],
  [/Requested CPUs are not available - requested [\d,-]{1,60}, available: [\d,-]{1,60}/i, 'its processors'],
  [/Requested memory nodes are not available/i, 'its memory nodes'],
  [/no matching manifest for \S{1,60} in the manifest list entries/i, 'its processor’s architecture'],
  [
    /no match for platform in manifest|does not provide the specified platform \(\S{1,60}\)/i,
    'its processor’s architecture',
  ],
  [
    /image with reference \S{1,200} was found but (?:its platform|does not match the specified platform)/i,
    'its processor’s architecture',
  ],
  [/could not select device driver "[^"]{0,60}" with capabilities: \[\[[^\]]{0,60}\]\]/i, 'its devices'],
  [/a GPU of the machine is not allowed on a lab host/, 'its devices'],
  [/modprobe: FATAL: Module \S{1,60} not found/i, 'its kernel'],
  [/(?:ipvlan|macvlan|vxlan|sctp|wireguard)\b.{0,160}(?:operation|protocol) not supported/i, 'its kernel'],
  [/\bsctp\b.{0,160}(?:socket type|address family) not supported/i, 'its kernel'],
  // a published port of a kind of network that the kernel does not have: SCTP, IPv6
  [/failed to (?:listen|bind).{0,160}(?:protocol|socket type|address family) not supported/i, 'its kernel'],
  [/kernel does not support|Your kernel does not have/i, 'its kernel'],
  [/hugetlb\S{0,100}.{0,60}(?:no such file|permission denied)/i, 'its huge pages'],
  [/error setting rlimits? .{0,160}operation not permitted/i, 'its limits for users'],
];
/** Only where a platform was asked for: a script without a first line `#!…` ends with the same message. */
const WRONG_FORMAT = /exec format error/i;
const OTHER_PLATFORM = /requested image's platform \([^)]{1,60}\) does not match the detected host platform/i;
const MOST = 2000;

/**
 * @param said What the deployment and its containers have printed.
 * @returns a clause that names the limit and has the message; undefined when there is none.
 */
export function machineLimit(said: string[]): string | undefined {
  const lines = said.flatMap((text) => text.split('\n')).map((line) => line.slice(0, MOST));
  for (const line of lines) {
    const what = LIMITS.find(([sign]) => sign.test(line))?.[1];
    // Engines warn so of settings that they then do without.
    if (what !== undefined && !/^\s*(WARNING|level=warning)/i.test(line)) return clause(what, line);
  }
  const format = lines.find((line) => WRONG_FORMAT.test(line));
  if (format === undefined || !lines.some((line) => OTHER_PLATFORM.test(line))) return undefined;
  return clause('its processor’s architecture', format);
}

function clause(what: string, line: string): string {
  return `a limit of the grading machine (${what}) stands in the way: ${line.trim().slice(0, 400)}`;
}
