/** Whose processor time a lab host takes, seen from outside while it is there. */
import { Cgroup } from './cgroup.ts';
import { cpuMsOf, programOf } from './processes.ts';

/** Milliseconds of processor time of one lab host, by whose it is. */
export interface HostShares {
  /** Until its engine is started: what makes a machine of a container. */
  boot: number;
  /** The probe agent and the nameserver. */
  agent: number;
  /** The submission's containers and builds. */
  containers: number;
  /** Everything else: the engine, Compose, shims, proxies. */
  engine: number;
}

/** Programs of ours on a lab host; everything else that runs there is Docker's, or the submission's own commands. */
const OURS = ['node', 'dnsmasq'];

export class WatchedHost {
  readonly #cgroup: Cgroup;
  readonly #agent = new Map<number, number>();
  #boot: number | undefined;
  #total = 0;
  #containers = 0;

  /** @param pid Its first process. */
  constructor(pid: number) {
    this.#cgroup = Cgroup.of(pid);
  }

  /** To be called often: what is not seen before the machine is destroyed is not counted. */
  look(): void {
    try {
      const pids = this.#cgroup.pids;
      for (const pid of pids) {
        if (OURS.includes(programOf(pid) ?? '')) this.#agent.set(pid, cpuMsOf(pid) ?? this.#agent.get(pid) ?? 0);
      }
      this.#total = this.#cgroup.cpuMs;
      this.#containers = this.#cgroup.submission?.cpuMs ?? 0;
      if (this.#boot === undefined && pids.some((pid) => programOf(pid) === 'dockerd')) {
        const engine = pids.filter((pid) => !['bash', 'tar'].includes(programOf(pid) ?? ''));
        this.#boot = Math.max(0, this.#total - sum(engine.map((pid) => cpuMsOf(pid) ?? 0)));
      }
    } catch {
      return; // It has been destroyed: what was seen last stands.
    }
  }

  get shares(): HostShares {
    const [boot, agent, containers] = [this.#boot ?? 0, sum([...this.#agent.values()]), this.#containers];
    return { boot, agent, containers, engine: this.#total - boot - agent - containers };
  }
}

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
