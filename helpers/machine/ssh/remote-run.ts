/**
 * Runs a command on a machine to its end, with the limits of the probe agent's `run`: its time and its output are bounded, and
 * at the time limit its whole process group is killed.
 */
import type { Readable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { InfrastructureError } from '../../base/failure.ts';
import { Middle } from '../probe/agent/middle.ts';
import type { RunAnswer } from '../probe/protocol.ts';
import type { Connections } from './connections.ts';
import { Mark, MarkedOutput } from './mark.ts';
import { quoted } from './quote.ts';
import { logged } from '../../base/log.ts';

export interface RemoteCommand {
  argv: string[];
  /** The login's own folder when it is absent. */
  cwd?: string;
  /** All of the environment; the login's own when it is absent. */
  env?: Record<string, string>;
  timeoutMs: number;
  /** Of output that has more characters, the middle is left out. */
  maxOutput: number;
  /** What the command reads; nothing when it is absent. */
  input?: Readable;
}

/** How long to wait for more output after the command has ended. The pipe may stay open, because another process holds it. */
const DRAIN_MS = 400;
/** How long to wait for such output in all. */
const DRAINS_MS = 5_000;
/** How long a killed command may take to end. */
const KILL_MS = 5_000;
/** So long after the time limit the machine itself ends the command, in case this program or the connection is gone. */
const NET_SECONDS = 10;

/**
 * The line for the login shell. Each program replaces the one before (`exec`). So the command becomes the process that sshd
 * started, which leads a process group, and its id is the group's id. If the deadline on this side fails, `timeout` (GNU's or
 * busybox's) ends the command.
 */
export function lineOf(command: Omit<RemoteCommand, 'input'>, mark: Mark, stdin = '</dev/null'): string {
  const { argv, cwd, env, timeoutMs } = command;
  const environment = env === undefined ? [] : Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const seconds = String(Math.ceil(timeoutMs / 1000) + NET_SECONDS);
  const script = [
    ...(cwd === undefined ? [] : [`cd ${quoted([cwd])}`]),
    'timeout=$(command -v timeout || { echo "there is no command timeout (package coreutils)" >&2; exit 1; })',
    `{ ${mark.shell}; }`,
    [
      'exec',
      ...(env === undefined ? [] : ['env -i', quoted(environment)]),
      '"$timeout" -s KILL',
      seconds,
      quoted(argv),
      stdin,
    ].join(' '),
  ].join(' && ');
  return `exec sh -c ${quoted([script])}`;
}

/**
 * Runs a command.
 *
 * @throws {InfrastructureError} when the connection ends, or the command cannot be started at all.
 */
export function runThrough(connections: Connections, command: RemoteCommand): Promise<RunAnswer> {
  return logged('command', `over SSH: ${command.argv.join(' ')}`, () => carryOut(connections, command));
}

async function carryOut(connections: Connections, command: RemoteCommand): Promise<RunAnswer> {
  const mark = new Mark();
  const line = lineOf(command, mark, command.input === undefined ? undefined : '');
  const { channel, connection, exit } = await connections.exec(line);
  const started = performance.now();
  const text = new Middle(command.maxOutput);
  const output = new MarkedOutput(mark);
  const errors = new MarkedOutput(mark);
  return new Promise((resolve, reject) => {
    let timedOut = false;
    let drained: NodeJS.Timeout | undefined;
    let lastMoment: number | undefined;
    const deadline = setTimeout(() => {
      timedOut = true;
      void killGroup(connections, errors.line);
      drained = setTimeout(finish, KILL_MS);
    }, command.timeoutMs);
    const release = (): void => {
      clearTimeout(deadline);
      clearTimeout(drained);
      forget();
      command.input?.destroy();
      channel.close();
      channel.resume();
    };
    const finish = (): void => {
      release();
      const ms = Math.round(performance.now() - started);
      if (errors.line === undefined && !timedOut) reject(new InfrastructureError(notStarted(command, errors.noise)));
      else resolve({ exitCode: timedOut ? null : (exit.code ?? null), timedOut, output: text.text(), ms });
    };
    const drain = (): void => {
      clearTimeout(drained);
      lastMoment ??= performance.now() + DRAINS_MS;
      if (performance.now() > lastMoment) finish();
      else drained = setTimeout(finish, DRAIN_MS);
    };
    const takeFrom = (marked: MarkedOutput): ((chunk: Buffer) => void) => {
      const decoder = new StringDecoder('utf8');
      return (chunk) => {
        text.add(decoder.write(marked.add(chunk)));
        if (exit.code !== undefined) drain();
      };
    };
    const forget = connection.onEnd((end) => {
      release();
      reject(end);
    });
    channel
      .on('data', takeFrom(output))
      // 'close' may never come: a process that the command left in the background may hold the pipes.
      .once('exit', drain)
      .once('close', finish)
      .on('error', () => undefined); // 'close' follows
    channel.stderr.on('data', takeFrom(errors));
    if (exit.code !== undefined) drain();
    if (command.input === undefined) channel.end();
    else command.input.on('error', finish).pipe(channel);
  });
}

/** @param pid The process's id, as the command printed it; undefined when the command has not started yet. */
async function killGroup(connections: Connections, pid: string | undefined): Promise<void> {
  if (pid === undefined || !/^\d+$/.test(pid)) return;
  try {
    const { channel } = await connections.exec(`kill -KILL -${pid}`);
    channel.resume().end();
    channel.stderr.resume();
  } catch {
    // Then `timeout` on the machine ends the command.
  }
}

function notStarted({ argv, cwd }: RemoteCommand, noise: string): string {
  const where = cwd === undefined ? '' : ` in ${cwd}`;
  return `\`${argv.join(' ')}\` could not be started${where}: ${noise.split('\n').at(-1) || 'the machine said nothing'}`;
}
