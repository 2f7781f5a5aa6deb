/** On which engines labs cannot be graded, by what an engine says of itself. */

/** What `GET /version` says, as far as it is read. */
export interface EngineVersion {
  Version: string;
  Os?: string;
  /** As Go calls it, e.g. amd64. */
  Arch?: string;
  Components?: { Name: string }[] | null;
}

/** What `GET /info` says, as far as it is read. */
export interface EngineInfo {
  SecurityOptions?: string[] | null;
}

/** What Node calls the architectures for which there is a probe agent, by what engines call them. */
const NODE_ARCHITECTURES: Record<string, 'x64' | 'arm64'> = { amd64: 'x64', arm64: 'arm64' };
/** The oldest engine that is tested (tests/engines/). Older ones do not know the options of our containers. */
const OLDEST = [20, 10] as const;

/** @returns why no lab can be graded on this engine, and what to do; undefined when one can be. */
export function refusalOf(version: EngineVersion): string | undefined {
  const { Version, Os, Arch, Components } = version;
  if (Components?.some(({ Name }) => Name.startsWith('Podman')))
    return 'this engine is Podman, whose networks are not isolated from each other as Docker’s are. Install and start Docker, or say by DOCKER_HOST where it is';
  if (Os === 'windows')
    return 'this engine runs Windows containers, and the labs are Linux ones. Choose “Switch to Linux containers…” in the menu of Docker Desktop';
  const [major = 0, minor = 0] = Version.split('.').map((part) => Number.parseInt(part, 10));
  // An engine that somebody built for themselves may have a version of another form.
  if (
    /^\d+\.\d/.test(Version) &&
    Version !== '0.0.0' &&
    (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]))
  )
    return `Docker Engine ${Version} is too old: netgrade needs ${OLDEST.join('.')} or later. Update it (https://docs.docker.com/engine/install)`;
  if (Arch !== undefined && NODE_ARCHITECTURES[Arch] === undefined)
    return `this engine's machine is ${Arch}, and netgrade grades on ${Object.keys(NODE_ARCHITECTURES).join(' and ')}. Use such a machine (--host ssh://…)`;
  return undefined;
}

/** @returns why no lab can be graded beside what else runs on this engine. */
export function refusalToShare({ SecurityOptions }: EngineInfo): string | undefined {
  return SecurityOptions?.some((each) => each.includes('name=rootless'))
    ? 'this engine is rootless: it has no host network to judge. Use an engine that runs as root; `docker context ls` shows which there are'
    : undefined;
}

/** What Node calls the architecture of an engine's machine. */
export function nodeArchitecture({ Arch = '' }: EngineVersion): string {
  return NODE_ARCHITECTURES[Arch] ?? process.arch;
}
