/**
 * Which Docker Engine the user means, as Docker's own command line decides: DOCKER_HOST, DOCKER_CONTEXT, or the current
 * context (Docker's documentation, "Docker contexts").
 */
import { execFile, spawn } from 'node:child_process';
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

/** Finds the endpoint; whether anything answers there is another question. */
export async function findEndpoint(env: NodeJS.ProcessEnv = process.env): Promise<Endpoint> {
  const url = env['DOCKER_HOST'] || (await contextHost()) || DEFAULT;
  if (url.startsWith(UNIX)) return { url, socketPath: url.slice(UNIX.length) };
  // TLS, SSH, Windows pipes: the command line knows them all, and makes a stream of them.
  const { socketPath } = await openTunnel(() => Promise.resolve(dialStdio()));
  const { hostname } = new URL(url);
  return { url, socketPath, ...(hostname === '' ? {} : { machine: hostname }) };
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

function dialStdio(): Duplex {
  const child = spawn('docker', ['system', 'dial-stdio'], { stdio: ['pipe', 'pipe', 'ignore'] });
  child.on('error', () => undefined); // its streams end then
  return Duplex.from({ writable: child.stdin, readable: child.stdout });
}
