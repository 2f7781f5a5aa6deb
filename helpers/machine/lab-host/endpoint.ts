/**
 * Which Docker Engine the user means, as Docker's own command line decides: DOCKER_HOST, DOCKER_CONTEXT, or the current
 * context (Docker's documentation, "Docker contexts"). Where none is chosen and the default socket is not there, it is the
 * one that testcontainers finds.
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

export interface Endpoint {
  /** E.g. unix:///var/run/docker.sock. */
  url: string;
  /** The machine's name in the URL, for an engine that is reached over a network. */
  machine?: string;
  /** A unix socket that leads to the engine. */
  socketPath: string;
}

let found: Promise<Endpoint> | undefined;

/** Finds the endpoint, once per process; whether anything answers there is another question. */
export function findEndpoint(): Promise<Endpoint> {
  return (found ??= find(process.env));
}

async function find(env: NodeJS.ProcessEnv): Promise<Endpoint> {
  const chosen = env['DOCKER_HOST'] || (mayHaveContext(env) ? await contextHost() : undefined);
  const url = chosen || (await discovered()) || DEFAULT;
  if (url.startsWith(UNIX)) return { url, socketPath: url.slice(UNIX.length) };
  // TLS, SSH, Windows pipes: the command line knows them all, and makes a stream of them. Its environment is that of now:
  // while testcontainers is prepared, DOCKER_HOST is this very socket.
  const environment = { ...env };
  const { socketPath } = await openTunnel(() => Promise.resolve(dialStdio(environment)));
  const { hostname } = new URL(url);
  return { url, socketPath, ...(hostname === '' ? {} : { machine: hostname }) };
}

/** @returns a URL. The commands that this process starts shall speak to the same engine. */
async function discovered(): Promise<string | undefined> {
  if (process.platform === 'win32' || existsSync(DEFAULT.slice(UNIX.length))) return undefined;
  const { discoverSocket } = await import('./disposable/runtime.ts');
  const socketPath = await discoverSocket();
  if (socketPath === undefined) return undefined;
  process.env['DOCKER_HOST'] = UNIX + socketPath;
  return UNIX + socketPath;
}

/** Whether Docker's command line, which takes a tenth of a second to start, can have more to say than the default. */
function mayHaveContext(env: NodeJS.ProcessEnv): boolean {
  // Windows has no unix socket: there the default is a pipe, which the command line knows.
  if (process.platform === 'win32' || env['DOCKER_CONTEXT']) return true;
  const folder = env['DOCKER_CONFIG'] || path.join(os.homedir(), '.docker');
  try {
    return readFileSync(path.join(folder, 'config.json'), 'utf8').includes('"currentContext"');
  } catch {
    return false; // there is none: nobody has ever chosen a context
  }
}

/** The current context's host; undefined without Docker's command line. */
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
