/** A Redis of a test's own: Debian's, on this machine's loopback, with nothing on disk. */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import os from 'node:os';
import { Redis } from 'ioredis';
import { UsageError } from '../../helpers/failure.ts';
import { say } from '../../helpers/setup/say.ts';
import { sh } from '../../helpers/setup/shell.ts';
import { until } from '../../helpers/wait.ts';
import { mayInstall } from './may-install.ts';

const PROGRAM = '/usr/bin/redis-server';
const INSTALL_MS = 600_000;
const START_MS = 10_000;

/** @throws {UsageError} when there is none and none may be installed. */
export async function ensureRedis(): Promise<void> {
  if (existsSync(PROGRAM)) return;
  if (!mayInstall())
    throw new UsageError(
      'the end-to-end tests of queues need Redis and found none: install the package redis-server, then run the same command again',
    );
  say('no Redis here: installing redis-server from the distribution, for the tests of queues …');
  await sh(['apt-get', 'update', '-qq'], { timeoutMs: INSTALL_MS });
  await sh(['apt-get', 'install', '-y', '-qq', '--no-install-recommends', 'redis-server'], { timeoutMs: INSTALL_MS });
}

export class TestRedis implements AsyncDisposable {
  readonly url: string;
  readonly #port: number;
  #process: ChildProcess;

  private constructor(port: number, process: ChildProcess) {
    this.#port = port;
    this.url = `redis://127.0.0.1:${port}`;
    this.#process = process;
  }

  static async start(): Promise<TestRedis> {
    const port = await freePort();
    const redis = new TestRedis(port, run(port));
    await redis.#answers();
    return redis;
  }

  /** Ends it and starts it again at the same address, with nothing in it. */
  async forgetEverything(): Promise<void> {
    await this.end();
    this.#process = run(this.#port);
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
    const client = new Redis(this.url, { retryStrategy: () => 20, maxRetriesPerRequest: null });
    client.on('error', () => undefined);
    const answer = await until(START_MS, () => client.ping().catch(() => undefined));
    client.disconnect();
    if (answer === undefined) throw new Error(`redis-server did not answer in ${START_MS} ms`);
  }
}

function run(port: number): ChildProcess {
  const options = [
    '--port',
    String(port),
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--dir',
    os.tmpdir(),
  ];
  return spawn(PROGRAM, options, { stdio: 'ignore' });
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
