/**
 * What the kernel counted of a group of processes, those that have ended among them: cgroup v1 and v2 alike
 * (kernel documentation, admin-guide/cgroup-v1/{cpuacct,memory} and admin-guide/cgroup-v2).
 */
import { existsSync, mkdirSync, readFileSync, rmdirSync } from 'node:fs';
import path from 'node:path';

const ROOT = '/sys/fs/cgroup';
const V2 = existsSync(path.join(ROOT, 'cgroup.controllers'));

type Controller = 'cpuacct' | 'memory';

export class Cgroup {
  readonly #folders: Record<Controller, string>;

  private constructor(folders: Record<Controller, string>) {
    this.#folders = folders;
  }

  /** The group that a process is in. */
  static of(pid: number | 'self'): Cgroup {
    const lines = readFileSync(`/proc/${pid}/cgroup`, 'utf8').trim().split('\n');
    const folder = (controller: Controller): string => {
      const found = lines
        .map((line) => /^\d+:([^:]*):(.*)$/.exec(line))
        .find((match) => (V2 ? match?.[1] === '' : match?.[1]?.split(',').includes(controller)));
      return path.join(ROOT, V2 ? '' : controller, found?.[2] ?? '');
    };
    return new Cgroup({ cpuacct: folder('cpuacct'), memory: folder('memory') });
  }

  /** A new group below the one that this process is in, for the time of a command. Takes root. */
  static make(name: string): Cgroup & Disposable {
    const { cpuacct } = Cgroup.of('self').#folders;
    const folder = path.join(cpuacct, `${name}-${process.pid}`);
    mkdirSync(folder);
    return Object.assign(new Cgroup({ cpuacct: folder, memory: folder }), {
      [Symbol.dispose]: () => {
        rmdirSync(folder);
      },
    });
  }

  /** The group of all that a submission runs on the lab host in this one; see images/lab-host/scripts/boot.sh. */
  get submission(): Cgroup | undefined {
    const [cpuacct, memory] = [path.join(this.#folders.cpuacct, 'student'), path.join(this.#folders.memory, 'student')];
    return existsSync(cpuacct) ? new Cgroup({ cpuacct, memory }) : undefined;
  }

  /** The same command, its processes in this group from their first moment on. */
  around(argv: string[]): string[] {
    return ['sh', '-c', `echo $$ > "$0" && exec "$@"`, path.join(this.#folders.cpuacct, 'cgroup.procs'), ...argv];
  }

  get pids(): number[] {
    const text = readFileSync(path.join(this.#folders.cpuacct, 'cgroup.procs'), 'utf8').trim();
    return text === '' ? [] : text.split('\n').map(Number);
  }

  /** Processor time of all that was ever in it or below it, in milliseconds. */
  get cpuMs(): number {
    const { cpuacct } = this.#folders;
    if (!V2) return Number(readFileSync(path.join(cpuacct, 'cpuacct.usage'), 'utf8')) / 1e6;
    return numberOf('usage_usec', readFileSync(path.join(cpuacct, 'cpu.stat'), 'utf8')) / 1e3;
  }

  /** Bytes of memory that nothing else could have: its processes' own and the kernel's for them, no page cache. */
  get memory(): number {
    const { memory } = this.#folders;
    const stat = readFileSync(path.join(memory, 'memory.stat'), 'utf8');
    if (V2) return numberOf('anon', stat) + numberOf('kernel', stat);
    const kernel = Number(readFileSync(path.join(memory, 'memory.kmem.usage_in_bytes'), 'utf8'));
    return numberOf('total_rss', stat) + kernel;
  }
}

function numberOf(key: string, stat: string): number {
  return Number(new RegExp(`^${key} (\\d+)$`, 'm').exec(stat)?.[1] ?? NaN);
}
