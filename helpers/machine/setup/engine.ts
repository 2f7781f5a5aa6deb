/** Finds the grading machine's Docker Engine. If there is none, and this is Debian or Ubuntu and we are root, installs or starts one. */
import { spawn } from 'node:child_process';
import { existsSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import Docker from 'dockerode';
import { InfrastructureError, UsageError, reasonOf } from '../../base/failure.ts';
import { watchRequests } from '../../base/docker/requests.ts';
import { log } from '../../base/log.ts';
import { until } from '../../base/wait.ts';
import { findEngineAddress, type EngineAddress } from '../lab-host/engine-address.ts';
import { DEFAULT_GENERATION, SUITES } from './generations.ts';
import { say } from './say.ts';
import { sh } from './shell.ts';

const INSTALLER = path.resolve(import.meta.dirname, '../../../images/lab-host/install-engine.sh');
const LOG = '/var/log/netgrade-dockerd.log';
const START_MS = 60_000;
const INSTALL_MS = 600_000;
const PING_MS = 5_000;

const HOW_TO_GET_DOCKER = `netgrade needs a Docker Engine and found none.
  Linux:           install Docker Engine (docs.docker.com/engine/install) and start it, or run this as root on Debian or Ubuntu
  macOS, Windows:  install Docker Desktop and start it
  elsewhere:       set DOCKER_HOST to an engine you may use
Then run the same command again.`;

/** The grading machine's engine. */
export interface FoundEngine {
  docker: Docker;
  address: EngineAddress;
}

/** @throws {UsageError} when there is no engine and none may be installed. */
export async function ensureEngine(): Promise<FoundEngine> {
  const address = await findEngineAddress();
  const found = { docker: watchRequests(new Docker({ socketPath: address.socketPath }), 'grading machine'), address };
  if (await answers(address)) return found;
  if (process.env['DOCKER_HOST'] !== undefined || address.machine !== undefined) {
    throw new InfrastructureError(
      `the engine at ${address.url}, which DOCKER_HOST or Docker's context names, does not answer`,
    );
  }
  if (process.getuid?.() !== 0 || distribution() === undefined) throw new UsageError(HOW_TO_GET_DOCKER);
  if (!existsSync('/usr/sbin/dockerd') && !existsSync('/usr/bin/dockerd')) await install();
  if (await answers(address)) return found; // installing the package may have started the engine
  await start(address);
  return found;
}

async function answers({ socketPath }: EngineAddress): Promise<boolean> {
  try {
    await new Docker({ socketPath, timeout: PING_MS }).ping();
    return true;
  } catch (error) {
    log('engine', `nothing answers at ${socketPath}: ${reasonOf(error)}`);
    return false;
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
  const up = await until(START_MS, async () => ((await answers(address)) ? true : undefined));
  if (up === undefined)
    throw new InfrastructureError(`the Docker Engine did not start in ${START_MS / 1000} s; ${LOG} says why`);
}
