/**
 * A machine that a student uses: their nginx-flask-mongo runs there, beside a container of `docker run --rm` on one of its
 * networks. It is reached over ssh, and by a socket that leads to its engine.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type Docker from 'dockerode';
import { feed } from '../../../helpers/machine/lab-host/exec-stream.ts';
import { packFolder } from '../../../helpers/machine/lab-host/pack-folder.ts';
import { until } from '../../../helpers/base/wait.ts';
import { contentsOf } from '../../../helpers/submission/contents.ts';
import { bootSshHost, type SshHost } from '../ssh-host.ts';

export const LAB = 'nginx-flask-mongo';
const FOLDER = `/root/frida/${LAB}`;
/** Where the machine sees the folder of the socket. */
const SHARED = '/shared';
const SOCKET = 'engine.sock';
const LEAD = `require("net").createServer({ allowHalfOpen: true }, (here) => {
  const there = require("net").connect({ path: "/var/run/docker.sock", allowHalfOpen: true });
  here.pipe(there).pipe(here);
  here.on("error", () => there.destroy()).on("close", () => there.destroy());
  there.on("error", () => here.destroy()).on("close", () => here.destroy());
}).listen("${SHARED}/${SOCKET}")`;
/** Without tools of the grader's: those of a run that was just killed may be ending. */
const THEIRS =
  'docker inspect $(docker ps --all --format "{{.ID}} {{.Labels}}" | grep --invert-match netgrade= | cut --delimiter " " --fields 1)';
const ANSWERS = 'curl --silent --fail --max-time 2 http://127.0.0.1:8080/';
const ANSWERS_MS = 20_000;

export class StudentStack implements AsyncDisposable {
  readonly machine: SshHost;
  /** Leads to its engine. */
  readonly socketPath: string;
  readonly #folder: string;
  /** What it was like in the beginning. */
  #before = '';

  private constructor(machine: SshHost, folder: string) {
    this.machine = machine;
    this.#folder = folder;
    this.socketPath = path.join(folder, SOCKET);
  }

  static async boot(): Promise<StudentStack> {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'netgrade-test-engine-'));
    const machine = await bootSshHost({ binds: [{ source: folder, target: SHARED }] });
    const stack = new StudentStack(machine, folder);
    await machine.root(`nohup node -e '${LEAD}' >/dev/null 2>&1 & until [ -S ${SHARED}/${SOCKET} ]; do :; done`);
    const contents = await contentsOf(`submissions/example-good/${LAB}`);
    await feed(machine.container, ['tar', '-xC', '/'], packFolder(contents, FOLDER));
    await machine.root(
      `cd ${FOLDER}/* && docker compose up --detach && docker run --detach --rm --name neighbour --network nginx_flask_mongodb_public-net-1 busybox sleep 3600`,
    );
    stack.#before = await stack.#state();
    return stack;
  }

  /** Whether everything is as it was, in a word or two. */
  async isNow(): Promise<'as before' | 'changed'> {
    const now = await this.#state();
    const answers = await until(ANSWERS_MS, () => this.machine.root(ANSWERS).catch(() => undefined));
    return now === this.#before && answers !== undefined ? 'as before' : 'changed';
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.machine[Symbol.asyncDispose]();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  /** All that a student would notice. A network that was made anew has another id, and an address may be another one. */
  async #state(): Promise<string> {
    const { root } = this.machine;
    const containers = JSON.parse(await root(THEIRS)) as Docker.ContainerInspectInfo[];
    const networks = JSON.parse(await root('docker network inspect $(docker network ls --quiet)')) as object[];
    const volumes = await root('docker volume ls --format "{{.Name}}"');
    const state = {
      containers: containers.map(({ Id, Name, State, NetworkSettings }) => ({
        Id,
        Name,
        Status: State.Status,
        networks: Object.entries(NetworkSettings.Networks)
          .map(([name, endpoint]) => ({ name, ...asked(endpoint) }))
          .sort(byName),
      })),
      networks: networks
        .map((each) => ({ ...each, Id: undefined, Created: undefined, Containers: undefined, Status: undefined }))
        .sort(byName as never),
      volumes: volumes.split('\n').sort(),
    };
    return JSON.stringify(state, undefined, 1);
  }
}

function asked(endpoint: object): object {
  const { Aliases, Links, IPAMConfig } = endpoint as Record<string, unknown>;
  return { Aliases, Links, IPAMConfig };
}

function byName(one: { name?: string; Name?: string }, other: { name?: string; Name?: string }): number {
  return (one.name ?? one.Name ?? '').localeCompare(other.name ?? other.Name ?? '');
}
