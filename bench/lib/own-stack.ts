/** Stacks on this machine's own engine for self-test to watch, under names and at ports that nobody else has. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import { start, succeed } from './command.ts';

const EXAMPLES = path.resolve('submissions/example-good');

/** The tutorial's containers as Compose makes them; alpine4 is connected to the default bridge afterwards. */
const TUTORIAL = `services:
  alpine1: &alpine { image: alpine, command: ash, stdin_open: true, tty: true, networks: [alpine-net] }
  alpine2: *alpine
  alpine3: { image: alpine, command: ash, stdin_open: true, tty: true, network_mode: bridge }
  alpine4: *alpine
networks: { alpine-net: {} }
`;

interface Recipe {
  /** Compose's file; made by the benchmark where the example is a script. */
  file?: string;
  text?: string;
  roles: string[];
  /** The role that publishes a port. */
  front?: string;
}

const RECIPES: Record<string, Recipe> = {
  'nginx-flask-mongo': {
    file: path.join(EXAMPLES, 'nginx-flask-mongo/nginx_flask_mongodb/docker-compose.yaml'),
    roles: ['nginx', 'flask-app', 'mongo'],
    front: 'nginx',
  },
  netflix: {
    file: path.join(EXAMPLES, 'netflix/compose.yaml'),
    roles: ['nginx', 'netflix-frontend', 'netflix-catalog'],
    front: 'nginx',
  },
  'user-defined-bridge': { text: TUTORIAL, roles: ['alpine1', 'alpine2', 'alpine3', 'alpine4'] },
};

export class OwnStack implements AsyncDisposable {
  readonly lab: string;
  readonly #recipe: Recipe;
  readonly #project: string;
  readonly #folder = mkdtempSync(path.join(os.tmpdir(), 'netgrade-bench-'));

  constructor(lab: string) {
    this.lab = lab;
    this.#recipe = RECIPES[lab]!;
    this.#project = `netgrade-bench-${process.pid}-${lab}`;
  }

  /** The folder that says which containers play the roles. */
  get submission(): string {
    return path.join(this.#folder, 'submission');
  }

  container(role: string): string {
    return `${this.#project}-${role}-1`;
  }

  /** A network of the lab; the engine's own one keeps its name. */
  network(name: string): string {
    return name === 'bridge' ? name : `${this.#project}_${name}`;
  }

  async up(): Promise<void> {
    const { roles, text, front } = this.#recipe;
    mkdirSync(this.submission);
    const players = roles.map((role) => `${role}: ${this.container(role)}`).join(', ');
    writeFileSync(path.join(this.submission, 'submission.yaml'), `roles: { ${players} }\n`);
    if (text !== undefined) writeFileSync(this.#own('compose.yaml'), text);
    if (front !== undefined)
      writeFileSync(
        this.#own('port.yaml'),
        `services: { ${front}: { ports: !override ["${await freePort()}:80"] } }\n`,
      );
    await succeed(this.#compose('up', '--detach', '--wait'));
    if (this.lab === 'user-defined-bridge')
      await succeed(['docker', 'network', 'connect', 'bridge', this.container('alpine4')]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await start(this.#compose('down', '--volumes', '--rmi', 'local', '--timeout', '0')).ended;
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #own(name: string): string {
    return path.join(this.#folder, name);
  }

  #compose(...args: string[]): string[] {
    const { file, front } = this.#recipe;
    const files = [file ?? this.#own('compose.yaml'), ...(front === undefined ? [] : [this.#own('port.yaml')])];
    return [
      'docker',
      'compose',
      '--project-name',
      this.#project,
      ...files.flatMap((each) => ['--file', each]),
      ...args,
    ];
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0);
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  return port;
}
