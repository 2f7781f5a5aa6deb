/** Why no engine answers, and what to do next: one sentence for each cause. */
import { InfrastructureError, UsageError } from '../../base/failure.ts';
import type { EngineAddress } from '../lab-host/engine-address.ts';
import type { Surroundings } from './surroundings.ts';

/** What came of asking an engine. */
export interface NoAnswer {
  /** Of the connection, e.g. ENOENT or EACCES; HANGS when nothing came back in time. */
  code: string;
  /** In the words of whoever noticed it. */
  message: string;
}

/** Who the user is, where the socket allows only some users. */
export interface Membership {
  user: string;
  /** The group that may use the socket; undefined when there is none but root's. */
  group: string | undefined;
  /** Whether the user was added to the group after this session began. */
  isNew: boolean;
}

const AGAIN = 'then run the same command again';
const PAGES = 'https://docs.docker.com/engine/install';

/** Packages with an engine, Buildx and Compose v2, for each distribution that has all of them. */
const INSTALL: Record<Surroundings['system'], string> = {
  debian: '`sudo apt install docker.io docker-cli docker-buildx docker-compose`',
  ubuntu: '`sudo apt install docker.io docker-buildx docker-compose-v2`',
  fedora: '`sudo dnf install moby-engine docker-cli docker-buildx docker-compose`, and `sudo systemctl start docker`',
  arch: '`sudo pacman -S docker docker-buildx docker-compose`, and `sudo systemctl start docker`',
  linux: `Docker Engine as on ${PAGES}`,
  macos: 'Docker Desktop (`brew install --cask docker`, or https://docs.docker.com/desktop), and start it',
  windows: 'Docker Desktop (https://docs.docker.com/desktop), and turn on its WSL integration',
};
/** Debian 12 and older have neither Buildx nor Compose v2. */
const FIRST_DEBIAN_WITH_ALL = 13;

/** Contexts that an application of that name makes, with the commands that start it. */
const STARTED_BY: Record<string, string> = {
  colima: 'colima start',
  orbstack: 'orb start',
  'desktop-linux': 'docker desktop start',
  'rancher-desktop': 'rdctl start',
  rootless: 'systemctl --user start docker',
};

/**
 * @param around Tells what to install or to start.
 * @param membership Given when the connection was refused for lack of permission.
 * @returns an error with the cause and the next step: a UsageError when the user can mend it, an InfrastructureError when
 *   an engine on another machine is away, which may be so for a moment only.
 */
export function noEngine(
  address: EngineAddress,
  { code, message }: NoAnswer,
  around: Surroundings,
  membership?: Membership,
): UsageError | InfrastructureError {
  if (address.machine !== undefined) return remoteIsAway(address, message);
  const { socketPath, namedBy } = address;
  if (code === 'EACCES' || code === 'EPERM') return new UsageError(denied(address, membership));
  if (code !== 'ENOENT' && code !== 'ECONNREFUSED' && code !== 'ENOTDIR')
    return new InfrastructureError(
      `the Docker Engine at ${address.url} does not answer properly: ${message}. See whether \`docker version\` answers; if not, start Docker anew`,
    );
  if (namedBy !== undefined) return new UsageError(wronglyNamed(address, code));
  if (around.start !== undefined) {
    const there = code === 'ENOENT' ? 'has no socket' : 'refuses connections at its socket';
    return new UsageError(
      `Docker is installed but not running: it ${there} ${socketPath}. Start it with \`${around.start}\`, ${AGAIN}`,
    );
  }
  return new UsageError(notInstalled(around));
}

function denied({ socketPath, namedBy }: EngineAddress, membership: Membership | undefined): string {
  const what = `permission denied on Docker's socket ${socketPath}${namedBy === undefined ? '' : `, which ${namedBy} names`}`;
  if (membership?.group === undefined)
    return `${what}: only root may use it. Make a group for it with \`sudo groupadd docker\` and \`sudo usermod -aG docker $USER\`, start Docker anew, log in again, ${AGAIN}`;
  const { user, group, isNew } = membership;
  if (isNew)
    return `${what}: ${user} is in the group ${group}, but was not yet when this session began. Run \`newgrp ${group}\` or log in again, ${AGAIN}`;
  return `${what}: ${user} is not in the group ${group}. Run \`sudo usermod -aG ${group} $USER\`, then \`newgrp ${group}\`, ${AGAIN}. If you may not use sudo, ask whoever looks after this machine`;
}

function wronglyNamed({ url, socketPath, namedBy = '', context }: EngineAddress, code: string): string {
  const what = code === 'ECONNREFUSED' ? `nothing answers at ${socketPath}` : `there is no socket ${socketPath}`;
  const start = context === undefined ? undefined : STARTED_BY[context];
  const elsewhere =
    context === undefined
      ? 'take DOCKER_HOST away (`unset DOCKER_HOST`) to use the engine of this machine'
      : '`docker context ls` shows the others, and `docker context use NAME` chooses one';
  return `no engine at ${url}, which ${namedBy} names: ${what}. Start that engine${start === undefined ? '' : ` (\`${start}\`)`}, or ${elsewhere}; ${AGAIN}`;
}

function remoteIsAway(
  { url, namedBy = 'Docker', context }: EngineAddress,
  message: string,
): UsageError | InfrastructureError {
  const instead = context === undefined ? '`unset DOCKER_HOST`' : '`docker context use default`';
  const text = `the engine at ${url}, which ${namedBy} names, does not answer: ${message.replace(/[.?!]+$/, '')}. For this machine's own engine: ${instead}; ${AGAIN}`;
  // A name that nobody has, and a key that is not accepted, do not pass by themselves.
  return /no such host|could not resolve|permission denied|host key verification|certificate|unable to parse/i.test(
    message,
  )
    ? new UsageError(text)
    : new InfrastructureError(text);
}

function notInstalled(around: Surroundings): string {
  const { system, version, isWsl, hasCommand } = around;
  const what = hasCommand
    ? 'the docker command is here, but no Docker Engine: none was found'
    : 'Docker is not installed here';
  if (isWsl)
    return `${what}. In Windows, start Docker Desktop and turn on Settings > Resources > WSL integration for this distribution, or install an engine in WSL: ${installed(system, version)}; ${AGAIN}`;
  const itself = system === 'debian' || system === 'ubuntu' ? '. (As root, netgrade installs it itself.)' : '';
  return `${what}. Install ${installed(system, version)}; ${AGAIN}${itself}`;
}

/** What to install, as a part of a sentence. */
export function installed(system: Surroundings['system'], version = ''): string {
  if (system === 'debian' && version !== '' && Number.parseInt(version, 10) < FIRST_DEBIAN_WITH_ALL)
    return `Docker's own packages as on ${PAGES}/debian, because Debian ${version} has no Compose v2 and no Buildx`;
  return INSTALL[system];
}
