/** A Redis of a test's own: Debian's, on this machine's loopback, with nothing on disk. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';
import { UsageError } from '../../helpers/base/failure.ts';
import { say } from '../../helpers/machine/setup/say.ts';
import { sh } from '../../helpers/machine/setup/shell.ts';
import { until } from '../../helpers/base/wait.ts';
import { mayInstall } from './may-install.ts';

const PROGRAM = '/usr/bin/redis-server';
/** Makes the certificate of one that is reached over TLS. */
const OPENSSL = '/usr/bin/openssl';
const INSTALL_MS = 600_000;
const START_MS = 10_000;

/** @throws {UsageError} when there is none and none may be installed. */
export async function ensureRedis(): Promise<void> {
  if (existsSync(PROGRAM) && existsSync(OPENSSL)) return;
  if (!mayInstall())
    throw new UsageError(
      'the end-to-end tests of queues need Redis and OpenSSL and did not find both: install the packages redis-server and openssl, then run the same command again',
    );
  say('no Redis here: installing redis-server and openssl from the distribution, for the tests of queues …');
  await sh(['apt-get', 'update', '-qq'], { timeoutMs: INSTALL_MS });
  await sh(['apt-get', 'install', '-y', '-qq', '--no-install-recommends', 'redis-server', 'openssl'], {
    timeoutMs: INSTALL_MS,
  });
}

/** One that not everybody may use. */
export interface Locked {
  password: string;
  /** Of its certificate, which vouches for itself. */
  folder: string;
}

export class TestRedis implements AsyncDisposable {
  readonly url: string;
  readonly #port: number;
  readonly #locked: Locked | undefined;
  #process: ChildProcess;

  private constructor(port: number, locked?: Locked) {
    this.#port = port;
    this.#locked = locked;
    this.url = locked === undefined ? `redis://127.0.0.1:${port}` : this.urlWith(locked.password);
    this.#process = run(port, locked);
  }

  static async start(locked?: Locked): Promise<TestRedis> {
    if (locked !== undefined) await makeCertificate(locked.folder);
    const redis = new TestRedis(await freePort(), locked);
    await redis.#answers();
    return redis;
  }

  /** The address of one with a password, which is reached over TLS. */
  urlWith(password: string): string {
    return `rediss://:${password}@127.0.0.1:${this.#port}`;
  }

  /** Ends it and starts it again at the same address, with nothing in it. */
  async forgetEverything(): Promise<void> {
    await this.end();
    this.#process = run(this.#port, this.#locked);
    await this.#answers();
  }

  /** A connection of the test's own. */
  client(): Redis {
    return new Redis(this.url);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.end();
  }

  /** It is away, and everything in it. */
  async end(): Promise<void> {
    if (this.#process.signalCode !== null) return;
    const ended = once(this.#process, 'exit');
    this.#process.kill('SIGKILL');
    await ended;
  }

  async #answers(): Promise<void> {
    const client = new Redis(this.url, {
      retryStrategy: () => 20,
      maxRetriesPerRequest: null,
      ...(this.#locked && { tls: { ca: readFileSync(certificateIn(this.#locked.folder)) } }),
    });
    client.on('error', () => undefined);
    const answer = await until(START_MS, () => client.ping().catch(() => undefined));
    client.disconnect();
    if (answer === undefined) throw new Error(`redis-server did not answer in ${START_MS} ms`);
  }
}

function run(port: number, locked?: Locked): ChildProcess {
  const settings = {
    bind: '127.0.0.1',
    save: '',
    appendonly: 'no',
    dir: os.tmpdir(),
    ...(locked === undefined ? { port: String(port) } : { port: '0', 'tls-port': String(port), ...keysOf(locked) }),
  };
  const options = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
  return spawn(PROGRAM, options, { stdio: 'ignore' });
}

/** As docs/queue.md says. */
function keysOf({ password, folder }: Locked): Record<string, string> {
  const keys = { 'tls-cert-file': certificateIn(folder), 'tls-key-file': keyIn(folder), 'tls-auth-clients': 'no' };
  return { requirepass: password, ...keys };
}

export function certificateIn(folder: string): string {
  return path.join(folder, 'certificate.pem');
}

function keyIn(folder: string): string {
  return path.join(folder, 'key.pem');
}

/** For this machine's loopback. */
async function makeCertificate(folder: string): Promise<void> {
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-noenc', '-days', '2'];
  const names = ['-subj', '/CN=a Redis for tests', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const files = ['-keyout', keyIn(folder), '-out', certificateIn(folder)];
  await sh([OPENSSL, 'req', ...kind, ...names, ...files], { timeoutMs: START_MS });
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
