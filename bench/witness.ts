/**
 * Two ways to listen in sandboxes: the probe agent's packet sockets, and a tcpdump for each. Both listen in the same empty network
 * namespaces to the same connections, which are refused on loopback.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { UsageError } from '../helpers/base/failure.ts';
import { until } from '../helpers/base/wait.ts';
import { standpointAt } from '../helpers/machine/probe/agent/namespaces.ts';
import { connect } from '../helpers/machine/probe/agent/network.ts';
import type { Standpoint } from '../helpers/machine/probe/agent/standpoint.ts';
import { Witness } from '../helpers/machine/probe/agent/witness.ts';
import { heading, line, load, mebibytes, median } from './lib/figures.ts';
import { benchOptions } from './lib/options.ts';
import { missing } from './lib/peers.ts';
import { cpuMsOf, ownMemoryOf } from './lib/processes.ts';

/** As many as a stack of four containers and its machine have. */
const SANDBOXES = 5;
const CONNECTIONS = 100;
const TCPDUMP = '/usr/bin/tcpdump';
const SYN = 'tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn';
const READY_MS = 10_000;

interface Taken {
  /** Milliseconds until all of them listen, and of processor time in all. */
  readyMs: number;
  cpuMs: number;
  /** Bytes. */
  memory: number;
  packets: number;
}

export async function run(): Promise<void> {
  if (process.getuid?.() !== 0) throw new UsageError('network namespaces can only be made as root');
  const without = await missing({ name: 'tcpdump', needs: { packages: ['tcpdump'], program: TCPDUMP } });
  if (without !== undefined) throw new UsageError(without);
  const { rounds } = benchOptions(process.argv.slice(2));
  const sandboxes = Array.from({ length: SANDBOXES }, () =>
    spawn('unshare', ['--net', 'sh', '-c', 'ip link set lo up && echo up && exec sleep infinity'], {
      stdio: ['ignore', 'pipe', 'ignore'],
    }),
  );
  try {
    await Promise.all(sandboxes.map((each) => saysSomething(each, 'stdout')));
    const places = sandboxes.map(({ pid = 0 }) => ({ pid, from: standpointAt({ pid }) }));
    const taken: Record<'sockets' | 'tcpdump', Taken[]> = { sockets: [], tcpdump: [] };
    for (let round = 0; round <= rounds; round++) {
      taken.sockets.push(await bySockets(places.map(({ from }) => from)));
      taken.tcpdump.push(await byTcpdump(places));
    }
    print('packet sockets of the agent', taken.sockets.slice(1));
    print('a tcpdump for each', taken.tcpdump.slice(1));
  } finally {
    for (const each of sandboxes) each.kill();
  }
}

async function bySockets(places: Standpoint[]): Promise<Taken> {
  const [begun, cpu] = [performance.now(), process.cpuUsage()];
  const witnesses = places.map((from) => Witness.listen(from, { ask: 'witness', what: 'attempts', payload: 0 })!);
  const readyMs = performance.now() - begun;
  const listening = process.cpuUsage(cpu);
  await talk(places);
  const reading = process.cpuUsage();
  const packets = witnesses.reduce((sum, each) => sum + each.read().packets.length, 0);
  const read = process.cpuUsage(reading);
  for (const each of witnesses) each.end();
  const cpuMs = (listening.user + listening.system + read.user + read.system) / 1000;
  return { readyMs, cpuMs, memory: 0, packets };
}

async function byTcpdump(places: { pid: number; from: Standpoint }[]): Promise<Taken> {
  const begun = performance.now();
  const dumps = places.map(({ pid }) => {
    const inside = ['--target', String(pid), '--net', TCPDUMP, '-i', 'any', '-n', '-U', '-w', '-', SYN];
    return spawn('nsenter', inside, { stdio: ['ignore', 'pipe', 'pipe'] });
  });
  await Promise.all(dumps.map((each) => saysSomething(each, 'stderr')));
  const readyMs = performance.now() - begun;
  let bytes = 0;
  for (const { stdout } of dumps) stdout.on('data', (chunk: Buffer) => (bytes += chunk.length));
  await talk(places.map(({ from }) => from));
  let before = -1;
  await until(READY_MS, () => {
    const same = bytes === before && bytes > 0;
    before = bytes;
    return Promise.resolve(same ? true : undefined);
  });
  const of = (figure: (pid: number) => number | undefined): number =>
    dumps.reduce((sum, { pid = 0 }) => sum + (figure(pid) ?? 0), 0);
  const taken = { readyMs, cpuMs: of(cpuMsOf), memory: of(ownMemoryOf), packets: bytes };
  const ended = dumps.map((each) => new Promise((resolve) => each.once('close', resolve)));
  for (const each of dumps) each.kill();
  await Promise.all(ended);
  return taken;
}

/** Connections that are refused, in each sandbox. */
async function talk(places: Standpoint[]): Promise<void> {
  const question = { ask: 'connect', address: '127.0.0.1', port: 9, timeoutMs: READY_MS } as const;
  for (let i = 0; i < CONNECTIONS; i++) await Promise.all(places.map((from) => connect(from, question)));
}

function saysSomething(child: ChildProcess, where: 'stdout' | 'stderr'): Promise<void> {
  return new Promise((resolve, reject) => {
    child[where]?.once('data', () => {
      resolve();
    });
    child.once('error', reject);
    child.once('close', (code) => {
      reject(new Error(`a process that should listen ended (exit code ${code})`));
    });
  });
}

function print(name: string, rounds: Taken[]): void {
  const figure = (of: keyof Taken): number => median(rounds.map((each) => each[of]));
  heading(`${SANDBOXES} sandboxes, ${CONNECTIONS} connections in each, ${name} (medians; ${load()})`);
  line('until all listen', `${figure('readyMs').toFixed(1)} ms`);
  line('processor time to begin and to read', `${figure('cpuMs').toFixed(1)} ms`);
  line('memory of their own', mebibytes(figure('memory')));
}
