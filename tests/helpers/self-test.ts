/** Runs self-test as its users do, in a process of its own, beside a stack of the test's own on the grading host's engine. */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { until } from '../../helpers/base/wait.ts';
import { commandOf } from './grade.ts';

const EXAMPLE = path.resolve('submissions/example-good/nginx-flask-mongo/nginx_flask_mongodb');
const ROLES = ['nginx', 'flask-app', 'mongo'];
const SEEN_MS = 30_000;
const DOCKER_MS = 60_000;

/** A command line that starts self-test. */
export const SELF_TEST = commandOf('self-test');

/** Something that was started, and what it has written so far. It is killed when it is disposed of. */
export class Started implements Disposable {
  readonly process: ChildProcess;
  readonly ended: Promise<number | null>;
  output = '';

  constructor([command = '', ...args]: string[], env: Record<string, string> = {}) {
    this.process = spawn(command, args, { env: { ...process.env, ...env }, stdio: 'pipe' });
    for (const stream of [this.process.stdout, this.process.stderr])
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString('utf8')));
    this.ended = once(this.process, 'close').then(([code]) => code as number | null);
  }

  [Symbol.dispose](): void {
    this.process.kill('SIGKILL');
  }

  /** Waits until it has written this, after a place in its output. @returns the place after it. */
  async writes(what: string, from = 0): Promise<number> {
    const at = await until(SEEN_MS, () => Promise.resolve(place(this.output.indexOf(what, from))));
    if (at === undefined)
      throw new Error(`it did not write "${what}" in ${SEEN_MS} ms, but: ${this.output.slice(from)}`);
    return at + what.length;
  }
}

function place(index: number): number | undefined {
  return index < 0 ? undefined : index;
}

/** The example of nginx-flask-mongo, with names and a port that nobody else has. */
export class OwnStack implements Disposable {
  readonly project = `netgrade-self-test-${process.pid}`;
  readonly #folder = mkdtempSync(path.join(os.tmpdir(), 'netgrade-self-test-'));

  /** What self-test is told of it: whose containers play the roles. Others may run the same lab on this engine. */
  get arguments(): string[] {
    return ['--lab', 'nginx-flask-mongo', '--submissions', this.#folder];
  }

  async up(): Promise<void> {
    const port = await freePort();
    writeFileSync(path.join(this.#folder, 'ports.yaml'), `services: { nginx: { ports: !override ["${port}:80"] } }\n`);
    const roles = ROLES.map((role) => `${role}: ${this.container(role)}`).join(', ');
    writeFileSync(path.join(this.#folder, 'submission.yaml'), `roles: { ${roles} }\n`);
    this.#compose('up', '--detach');
  }

  /** Down and up again, without waiting for it in this process. */
  async upAnew(): Promise<void> {
    for (const args of [
      ['down', '--timeout', '1'],
      ['up', '--detach'],
    ]) {
      using compose = new Started(this.#command(...args));
      if ((await compose.ended) !== 0) throw new Error(`docker compose ${args.join(' ')}: ${compose.output}`);
    }
  }

  container(role: string): string {
    return `${this.project}-${role}-1`;
  }

  network(name: string): string {
    return `${this.project}_${name}`;
  }

  [Symbol.dispose](): void {
    this.#compose('down', '--volumes', '--rmi', 'local', '--timeout', '1');
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #compose(...args: string[]): void {
    dockerCommand(...this.#command(...args).slice(1));
  }

  #command(...args: string[]): string[] {
    const files = [path.join(EXAMPLE, 'docker-compose.yaml'), path.join(this.#folder, 'ports.yaml')];
    const named = files.flatMap((file) => ['--file', file]);
    return ['docker', 'compose', '--project-name', this.project, ...named, ...args];
  }
}

export function dockerCommand(...args: string[]): void {
  const { status, stderr } = spawnSync('docker', args, { encoding: 'utf8', timeout: DOCKER_MS });
  if (status !== 0) throw new Error(`docker ${args.join(' ')}: ${stderr}`);
}

async function freePort(): Promise<number> {
  const server = net.createServer().listen(0);
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  server.close();
  return port;
}

/** A way to the engine that can be cut. */
export class Cuttable implements Disposable {
  readonly #folder = mkdtempSync(path.join(os.tmpdir(), 'netgrade-way-'));
  readonly #socket = path.join(this.#folder, 'docker.sock');
  readonly #streams = new Set<net.Socket>();
  #server: net.Server | undefined;

  get url(): string {
    return `unix://${this.#socket}`;
  }

  async open(): Promise<void> {
    this.#server = net.createServer({ allowHalfOpen: true }, (here) => {
      const there = net.connect({ path: '/var/run/docker.sock', allowHalfOpen: true });
      here.pipe(there).pipe(here);
      for (const [one, other] of [
        [here, there],
        [there, here],
      ] as const) {
        this.#streams.add(one);
        one.on('error', () => one.destroy()).once('close', () => other.destroy());
      }
    });
    this.#server.listen(this.#socket);
    await once(this.#server, 'listening');
  }

  cut(): void {
    this.#server?.close();
    for (const stream of this.#streams) stream.destroy();
    this.#streams.clear();
  }

  [Symbol.dispose](): void {
    this.cut();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
