/** Finds the grading machine's Docker Engine. If there is none, and this is Debian or Ubuntu and we are root, installs or starts one. */
import { execFile, spawn } from 'node:child_process';
import { existsSync, openSync, readFileSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import Docker from 'dockerode';
import { InfrastructureError, UsageError, reasonOf } from '../../base/failure.ts';
import { watchRequests } from '../../base/docker/requests.ts';
import { log } from '../../base/log.ts';
import { until } from '../../base/wait.ts';
import { findEngineAddress, type EngineAddress } from '../lab-host/engine-address.ts';
import { refusalOf, type EngineVersion } from '../lab-host/engine-kind.ts';
import { DEFAULT_GENERATION, SUITES } from './generations.ts';
import { noEngine, type Membership, type NoAnswer } from './no-engine.ts';
import { say } from './say.ts';
import { sh } from './shell.ts';
import { surroundings } from './surroundings.ts';

const INSTALLER = path.resolve(import.meta.dirname, '../../../images/lab-host/install-engine.sh');
const LOG = '/var/log/netgrade-dockerd.log';
const START_MS = 60_000;
const INSTALL_MS = 600_000;
/** For the first answer. An engine that is just starting takes a while. */
const ANSWER_MS = 10_000;
/** For one over a network. */
const REMOTE_MS = 40_000;
const ON_WINDOWS =
  'netgrade grades from Linux and macOS, and on Windows inside WSL 2: open a Linux terminal (`wsl --install` sets one up), clone the repository there, and run the same command in it. Reading reports works here, too';

/** The grading machine's engine. */
export interface FoundEngine {
  docker: Docker;
  address: EngineAddress;
}

/**
 * Finds the engine, or installs or starts one where that is possible.
 *
 * @throws {UsageError} when there is none, or none on which labs can be graded; the message says what to do.
 * @throws {InfrastructureError} when one is there and does not answer properly.
 */
export async function ensureEngine(): Promise<FoundEngine> {
  if (process.platform === 'win32') throw new UsageError(ON_WINDOWS);
  const address = await findEngineAddress();
  const trouble = await ask(address);
  if (trouble !== undefined) await bringUp(address, trouble);
  return { docker: watchRequests(new Docker({ socketPath: address.socketPath }), 'grading machine'), address };
}

/** Installs or starts an engine of this machine's own. */
async function bringUp(address: EngineAddress, trouble: NoAnswer): Promise<void> {
  const mayStart = process.getuid?.() === 0 && distribution() !== undefined && address.namedBy === undefined;
  if (!mayStart || trouble.code === 'EACCES') throw await whyNot(address, trouble);
  if (!existsSync('/usr/sbin/dockerd') && !existsSync('/usr/bin/dockerd')) await install();
  if ((await ask(address)) === undefined) return; // installing the package may have started the engine
  await start(address);
}

/**
 * Asks an engine for its version.
 *
 * @returns undefined when it answers.
 * @throws {UsageError} when it is none on which labs can be graded.
 */
async function ask({ socketPath }: EngineAddress): Promise<NoAnswer | undefined> {
  let version: EngineVersion;
  try {
    version = await new Docker({ socketPath, timeout: ANSWER_MS }).version();
  } catch (error) {
    log('engine', `nothing answers at ${socketPath}: ${reasonOf(error)}`);
    const { code = 'none' } = error as NodeJS.ErrnoException;
    const hangs = code === 'ECONNRESET' || code === 'ETIMEDOUT';
    return { code, message: hangs ? `it gave no answer in ${ANSWER_MS / 1000} s` : reasonOf(error) };
  }
  const refusal = refusalOf(version);
  if (refusal !== undefined) throw new UsageError(refusal);
  return undefined;
}

async function whyNot(address: EngineAddress, trouble: NoAnswer): Promise<Error> {
  const { socketPath, machine } = address;
  const code = isOtherFile(socketPath) ? 'ENOENT' : trouble.code;
  const membership = code === 'EACCES' ? membershipFor(socketPath) : undefined;
  const message = machine === undefined ? trouble.message : await reasonOfCommand();
  return noEngine(address, { code, message }, surroundings(), membership);
}

/** Why Docker's own command line does not reach an engine over a network, in its last line. */
function reasonOfCommand(): Promise<string> {
  return new Promise((resolve) => {
    execFile('docker', ['version'], { timeout: REMOTE_MS }, (error, _, errors) => {
      const said = errors.trim().split('\n').at(-1);
      resolve(
        error?.code === 'ENOENT'
          ? 'the command docker, by which it is reached, is not installed'
          : said || `no answer in ${REMOTE_MS / 1000} s`,
      );
    });
  });
}

/** Whether there is a file, but no socket. */
function isOtherFile(socketPath: string): boolean {
  try {
    return !statSync(socketPath).isSocket();
  } catch {
    return false; // there is none, or its folder is closed to this user
  }
}

/** Which group may use a socket, and whether this user is in it. */
function membershipFor(socketPath: string): Membership | undefined {
  try {
    const { gid } = statSync(socketPath);
    const lines = readFileSync('/etc/group', 'utf8')
      .split('\n')
      .map((line) => line.split(':'));
    const [group, , , members = ''] = lines.find(([, , id]) => gid !== 0 && Number(id) === gid) ?? [];
    const user = os.userInfo().username;
    return { user, group, isNew: members.split(',').includes(user) };
  } catch {
    return undefined; // the folder is closed to this user, or the user has no name
  }
}

function distribution(): 'debian' | 'ubuntu' | undefined {
  if (!existsSync('/etc/os-release')) return undefined;
  const id = /^ID=(.*)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1]?.replaceAll('"', '');
  return id === 'debian' || id === 'ubuntu' ? id : undefined;
}

async function install(): Promise<void> {
  say(
    'no Docker Engine here: installing docker.io, docker-cli, docker-compose, docker-buildx, containerd and iptables from the distribution …',
  );
  if (distribution() === 'debian') {
    await sh(['sh', INSTALLER, SUITES[DEFAULT_GENERATION]], { timeoutMs: INSTALL_MS });
    return;
  }
  await sh(['apt-get', 'update', '-qq'], { timeoutMs: INSTALL_MS });
  await sh(['apt-get', 'install', '-y', '-qq', 'docker.io', 'docker-compose-v2', 'docker-buildx'], {
    timeoutMs: INSTALL_MS,
  });
}

async function start(address: EngineAddress): Promise<void> {
  say('starting the Docker Engine …');
  if (existsSync('/run/systemd/system')) {
    await sh(['systemctl', 'start', 'docker'], { timeoutMs: START_MS });
  } else {
    const log = openSync(LOG, 'a');
    spawn('dockerd', [], { detached: true, stdio: ['ignore', log, log] }).unref();
  }
  const up = await until(START_MS, async () => ((await ask(address)) === undefined ? true : undefined));
  if (up === undefined)
    throw new InfrastructureError(`the Docker Engine did not start in ${START_MS / 1000} s; ${LOG} says why`);
}
