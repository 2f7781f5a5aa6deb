/**
 * The address at which the grading machine's Docker Engine answers. It is chosen as Docker's own command line chooses it:
 * by DOCKER_HOST, by DOCKER_CONTEXT, or by the current context (Docker's documentation, "Docker contexts"). If none of them
 * names an engine and there is no default socket, it is the engine that testcontainers finds.
 */
import { execFile, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Duplex } from 'node:stream';
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
}

let found: Promise<EngineAddress> | undefined;

/** Finds the address, once per process. It is not tried whether an engine answers there. */
export function findEngineAddress(): Promise<EngineAddress> {
  return (found ??= find(process.env));
}

async function find(env: NodeJS.ProcessEnv): Promise<EngineAddress> {
  const chosen = env['DOCKER_HOST'] || (mayHaveContext(env) ? await contextHost() : undefined);
  const url = chosen || (await discovered()) || DEFAULT;
  if (url.startsWith(UNIX)) return { url, socketPath: url.slice(UNIX.length) };
  // The command line can reach an engine by TLS, by SSH and by a Windows pipe, and turns each of them into a stream. It is
  // given the environment as it is now: later, while testcontainers is prepared, DOCKER_HOST names this tunnel's own socket.
  const environment = { ...env };
  const { socketPath } = await openTunnel(() => Promise.resolve(dialStdio(environment)));
  const { hostname } = new URL(url);
  return { url, socketPath, ...(hostname === '' ? {} : { machine: hostname }) };
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
  const folder = env['DOCKER_CONFIG'] || path.join(os.homedir(), '.docker');
  try {
    return readFileSync(path.join(folder, 'config.json'), 'utf8').includes('"currentContext"');
  } catch {
    return false; // there is no such file, so no context was ever chosen
  }
}

/** The current context's host; undefined when Docker's command line is not installed. */
function contextHost(): Promise<string | undefined> {
  const args = ['context', 'inspect', '--format', '{{.Endpoints.docker.Host}}'];
  return new Promise((resolve) => {
    execFile('docker', args, { timeout: CONTEXT_MS }, (error, output) => {
      resolve(error === null ? output.trim() : undefined);
    });
  });
}

function dialStdio(env: NodeJS.ProcessEnv): Duplex {
  const child = spawn('docker', ['system', 'dial-stdio'], { env, stdio: ['pipe', 'pipe', 'ignore'] });
  child.on('error', () => undefined); // its streams end then
  return Duplex.from({ writable: child.stdin, readable: child.stdout });
}
