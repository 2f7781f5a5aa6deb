/** A run of `npm run grade` seen from outside: when it does what, and whose processor time it takes. */
import type Docker from 'dockerode';
import { Cgroup } from './cgroup.ts';
import { start } from './command.ts';
import { onContainerEvents, ownerOf, type ContainerEvent } from './container-events.ts';
import { cpuMsOf, enginePids, ownMemoryOf } from './processes.ts';
import { WatchedHost, type HostShares } from './watched-host.ts';

/** Short beside what is measured, long beside what looking costs. */
const LOOK_EVERY_MS = 50;

export interface WatchedRun {
  /** Milliseconds from the command on: the first lab host is asked for. */
  asked: number;
  /** The first submission has been copied onto a lab host: its deployment begins. */
  deploys: number;
  ended: number;
  /** Processor time of npm, the grader and the judge, in milliseconds. */
  grader: number;
  hosts: HostShares[];
  /** Of this machine's engine, in milliseconds: everybody's, also for whoever else uses it meanwhile. */
  engine: number;
  /** The most memory that npm, the grader and the judge had of their own at one time, in bytes. */
  graderMemory: number;
}

/**
 * Runs a command that grades, and watches it. Takes root.
 *
 * @throws when it does not end with 0.
 */
export async function watchRun(docker: Docker, argv: string[]): Promise<WatchedRun> {
  using grader = Cgroup.make('netgrade-bench');
  const watched = new Map<string, WatchedHost | undefined>();
  const events: ContainerEvent[] = [];
  const listening = await onContainerEvents(docker, (event) => {
    const { ID } = event.Actor;
    if (event.Action === 'create' && grader.pids.includes(ownerOf(event))) watched.set(ID, undefined);
    if (!watched.has(ID)) return;
    events.push(event);
    if (event.Action === 'start') void watchHost(docker, ID).then((host) => watched.set(ID, host));
  });
  let graderMemory = 0;
  const looking = setInterval(() => {
    for (const host of watched.values()) host?.look();
    graderMemory = Math.max(graderMemory, sum(grader.pids.map(ownMemoryOf)));
  }, LOOK_EVERY_MS);
  const engineBefore = engineCpuMs();
  const began = Date.now();
  try {
    const { status, output } = await start(grader.around(argv)).ended;
    const ended = Date.now() - began;
    if (status !== 0) throw new Error(`\`${argv.join(' ')}\` ended with ${String(status)}:\n${output.slice(-4_000)}`);
    return {
      ...momentsOf(events, began),
      ended,
      grader: grader.cpuMs,
      hosts: [...watched.values()].map((host) => host!.shares),
      engine: engineCpuMs() - engineBefore,
      graderMemory,
    };
  } finally {
    clearInterval(looking);
    listening[Symbol.dispose]();
  }
}

async function watchHost(docker: Docker, id: string): Promise<WatchedHost> {
  const { State } = await docker.getContainer(id).inspect();
  return new WatchedHost(State.Pid);
}

/** The first that is run on a lab host as its student unpacks the submission. */
function momentsOf(events: ContainerEvent[], began: number): { asked: number; deploys: number } {
  const since = (event: ContainerEvent | undefined): number => (event ? event.timeNano / 1e6 - began : NaN);
  return {
    asked: since(events.find(({ Action }) => Action === 'create')),
    deploys: since(events.find(({ Action }) => Action.startsWith('exec_create: as-student'))),
  };
}

function engineCpuMs(): number {
  return sum(enginePids().map((pid) => cpuMsOf(pid) ?? 0));
}

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
