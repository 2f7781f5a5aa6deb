/**
 * The address at which the grading machine's Docker Engine answers. It is chosen as Docker's own command line chooses it:
 * by DOCKER_HOST, by DOCKER_CONTEXT, or by the current context (Docker's documentation, "Docker contexts"). If none of them
 * names an engine and there is no default socket, it is the engine that testcontainers finds.
 */
import { execFile, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Duplex } from 'node:stream';
import { UsageError } from '../../base/failure.ts';
import { homeFolder } from './own-files.ts';
import { openTunnel } from './tunnel.ts';

const DEFAULT = 'unix:///var/run/docker.sock';
const UNIX = 'unix://';
const CONTEXT_MS = 10_000;

export interface EngineAddress {
  /** E.g. unix:///var/run/docker.sock. */
  url: string;
  /** The machine's name in the URL, for an engine that is reached over a network. */
  machine?: string;
  /** A unix socket that leads to the engine. */
  socketPath: string;
  /** What names this engine, where it is not simply this machine's own: DOCKER_HOST, or a context. */
  namedBy?: string;
  /** The name of the context that names it. */
  context?: string;
}

let found: Promise<EngineAddress> | undefined;

/** What the environment says of the engine. */
interface Named {
  url: string;
  by: string;
  context?: string;
}

/**
 * Finds the address, once per process. It is not tried whether an engine answers there.
 *
 * @throws {UsageError} when what names it cannot be read.
 */
export function findEngineAddress(): Promise<EngineAddress> {
  return (found ??= find(process.env));
}

async function find(env: NodeJS.ProcessEnv): Promise<EngineAddress> {
  const named = namedByHost(env) ?? (mayHaveContext(env) ? await namedByContext(env) : undefined);
  const url = named?.url ?? (await discovered()) ?? DEFAULT;
  const how = named && { namedBy: named.by, ...(named.context !== undefined && { context: named.context }) };
  if (url.startsWith(UNIX)) return { url, socketPath: url.slice(UNIX.length), ...how };
  // The command line can reach an engine by TLS, by SSH and by a Windows pipe, and turns each of them into a stream. It is
  // given the environment as it is now: later, while testcontainers is prepared, DOCKER_HOST names this tunnel's own socket.
  const environment = { ...env };
  const { socketPath } = await openTunnel(() => Promise.resolve(dialStdio(environment)));
  const { hostname } = new URL(url);
  return { url, socketPath, ...how, ...(hostname === '' ? {} : { machine: hostname }) };
}

/** @throws {UsageError} when DOCKER_HOST has none of the forms that Docker knows. */
function namedByHost(env: NodeJS.ProcessEnv): Named | undefined {
  const value = env['DOCKER_HOST'];
  if (value === undefined || value === '') return undefined;
  const url = value.includes('://') ? value : `tcp://${value}`;
  const scheme = /^(unix|tcp|ssh|npipe|https?):\/\//.exec(url)?.[1];
  const isPath = value.startsWith('/');
  if (scheme === undefined || isPath || /^unix:\/\/(?!\/)/.test(url) || URL.parse(url) === null)
    throw new UsageError(
      `DOCKER_HOST is "${value}", which names no engine. It has one of these forms: unix:///var/run/docker.sock, tcp://HOST:PORT, ssh://USER@HOST.${
        isPath ? ` Was unix://${value} meant?` : ''
      } \`unset DOCKER_HOST\` takes it away`,
    );
  return { url, by: 'DOCKER_HOST' };
}

/** @returns a URL. It is put into DOCKER_HOST, too, so that the commands of this process speak to the same engine. */
async function discovered(): Promise<string | undefined> {
  if (process.platform === 'win32' || existsSync(DEFAULT.slice(UNIX.length))) return undefined;
  const { discoverSocket } = await import('./disposable/runtime.ts');
  const socketPath = await discoverSocket();
  if (socketPath === undefined) return undefined;
  process.env['DOCKER_HOST'] = UNIX + socketPath;
  return UNIX + socketPath;
}

/** Whether a context may have been chosen. If not, Docker's command line need not be asked: that saves a tenth of a second. */
function mayHaveContext(env: NodeJS.ProcessEnv): boolean {
  // Windows has no unix socket: there the default is a pipe, which the command line knows.
  if (process.platform === 'win32' || env['DOCKER_CONTEXT']) return true;
  const folder = env['DOCKER_CONFIG'] || path.join(homeFolder(), '.docker');
  try {
    return readFileSync(path.join(folder, 'config.json'), 'utf8').includes('"currentContext"');
  } catch {
    return false; // there is no such file, so no context was ever chosen
  }
}

/**
 * The engine of the chosen context; undefined for the default one, and when Docker's command line is not installed.
 *
 * @throws {UsageError} when there is no context of that name.
 */
async function namedByContext(env: NodeJS.ProcessEnv): Promise<Named | undefined> {
  const answer = await inspectContext();
  if (answer === undefined) return undefined;
  const chosen = env['DOCKER_CONTEXT'] ? 'DOCKER_CONTEXT' : 'the file config.json of Docker';
  if (typeof answer !== 'string')
    throw new UsageError(
      `${chosen} names a context of Docker that cannot be used: ${answer.reason}. \`docker context ls\` shows which there are, and \`docker context use default\` takes this machine's own`,
    );
  const [name = '', url = ''] = answer.split('\t');
  if (url === '' || name === 'default') return url === DEFAULT || url === '' ? undefined : { url, by: 'Docker' };
  return { url, by: `Docker's context "${name}"`, context: name };
}

/** @returns `NAME<tab>URL`, or why there is none; undefined when Docker's command line is not installed. */
function inspectContext(): Promise<string | { reason: string } | undefined> {
  const args = ['context', 'inspect', '--format', '{{.Name}}\t{{.Endpoints.docker.Host}}'];
  return new Promise((resolve) => {
    execFile('docker', args, { timeout: CONTEXT_MS }, (error, output, errors) => {
      if (error === null) resolve(output.trim());
      else if (error.code === 'ENOENT') resolve(undefined);
      else resolve({ reason: errors.trim().split('\n').at(-1) || error.message });
    });
  });
}

function dialStdio(env: NodeJS.ProcessEnv): Duplex {
  const child = spawn('docker', ['system', 'dial-stdio'], { env, stdio: ['pipe', 'pipe', 'ignore'] });
  child.on('error', () => undefined); // its streams end then
  return Duplex.from({ writable: child.stdin, readable: child.stdout });
}
