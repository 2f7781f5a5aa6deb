/**
 * One run at a time in a reports folder. Whoever writes there holds it from before the old records are read until the last
 * file is written; a second run waits.
 *
 * The folder `.in-use` in it is the lock, and the one file in there says who holds it. Both are made complete under another
 * name and then renamed: rename(2) replaces an empty folder, but none that has a file in it, so exactly one run gets it.
 * What an ended run has left is removed by the name of its file, which no other run's file has, and so never the next one's.
 */
import { randomUUID } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, rmdirSync, statSync, unlinkSync } from 'node:fs';
import { mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { InfrastructureError, UsageError } from '../base/failure.ts';
import { until } from '../base/wait.ts';
import { ownerIsAlive, OWNER_LABEL, ownLabels } from '../machine/lab-host/labels.ts';
import { say } from '../machine/setup/say.ts';
import { IN_THE_WAY } from './files.ts';

const LOCK = '.in-use';
/** Locks that are not complete yet. */
const UNFINISHED = `${LOCK}-`;
const ENDS: NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];
/** What rename(2) says when another run was faster: the lock has a file in it, or ours was swept away; see `sweep`. */
const OTHERS_FASTER = ['ENOTEMPTY', 'EEXIST', 'ENOENT'];
/** These the user can correct, who has named the folder. */
const NO_FOLDER = ['ENOTDIR', 'EEXIST'];
const NOT_FOR_THIS_USER = ['EACCES', 'EROFS', 'EPERM'];

interface Holder {
  /** MACHINE:PID:STARTTIME, as on an engine; see labels.ts. */
  owner: string;
  since: string;
  command: string;
}

/** Gives back what this process holds. */
const held = new Set<() => void>();

/** @throws {UsageError} when there is no such folder of reports. */
export function needFolder(folder: string): void {
  if (!isFolder(folder)) throw new UsageError(`there is no folder ${folder}; name the one with the reports`);
}

/**
 * Takes a reports folder, and makes it if there is none. If another run of this machine has it, says so and waits until that
 * one has ended. It is given back by disposing, or when the process ends.
 *
 * @param command What takes it, for whoever waits: `npm run grade`.
 * @throws {UsageError} when nothing can be written there, or a run on another machine has it, which cannot be watched.
 */
export async function takeFolder(folder: string, command: string): Promise<AsyncDisposable> {
  const name = `${randomUUID()}.json`;
  let said: string | undefined;
  try {
    await until(Infinity, async () => {
      const [file, holder] = holderOf(folder) ?? [];
      if (holder === undefined) return (await take(folder, name, command)) ? true : undefined;
      if (file !== said) say(inUse(folder, holder));
      said = file;
      return undefined;
    });
    await sweep(folder);
  } catch (error) {
    throw error instanceof UsageError ? error : unwritable(folder, error as NodeJS.ErrnoException);
  }
  return givenBackAtTheEnd(path.join(folder, LOCK), name);
}

/** The file of the run that has the folder, and what it says. Files of runs that have ended are removed. */
function holderOf(folder: string): [string, Holder] | undefined {
  const lock = path.join(folder, LOCK);
  // Its files are removed below. A student's repository, graded where it is, may have a link there.
  if (lstatSync(lock, { throwIfNoEntry: false })?.isDirectory() === false)
    throw new UsageError(`${lock} is no folder, or a link to one: remove it`);
  for (const file of unlessGone(() => readdirSync(lock)) ?? []) {
    const text = unlessGone(() => readFileSync(path.join(lock, file), 'utf8'));
    const holder = parsed(text ?? '');
    if (holder !== undefined && ownerIsAlive(holder.owner)) return [file, holder];
    unlessGone(() => {
      unlinkSync(path.join(lock, file));
    });
  }
  return undefined;
}

/** Undefined when it was damaged together with the machine: a run that goes on has a whole one. */
function parsed(text: string): Holder | undefined {
  try {
    const { owner, since = '', command = '' } = JSON.parse(text) as Partial<Holder>;
    return owner === undefined ? undefined : { owner, since, command };
  } catch {
    return undefined;
  }
}

/** @returns whether it was taken: false when somebody else was faster. */
async function take(folder: string, name: string, command: string): Promise<boolean> {
  const unfinished = path.join(folder, `${UNFINISHED}${name}`);
  const holder: Holder = { owner: ownLabels()[OWNER_LABEL]!, since: new Date().toISOString(), command };
  try {
    await mkdir(unfinished, { recursive: true });
    await writeFile(path.join(unfinished, name), JSON.stringify(holder), { flush: true });
    await rename(unfinished, path.join(folder, LOCK));
    return true;
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true }).catch(() => undefined); // whoever takes it next sweeps
    if (OTHERS_FASTER.includes(codeOf(error)) && isFolder(folder)) return false;
    throw error;
  }
}

function unwritable(folder: string, { code = '', message }: NodeJS.ErrnoException): Error {
  const why = IN_THE_WAY[code];
  const owner = statSync(folder, { throwIfNoEntry: false })?.uid;
  if (code === 'EACCES' && owner === 0 && process.getuid?.() !== 0)
    return new UsageError(
      `reports cannot be written into ${folder}: it belongs to root, as after a run with sudo. Nothing was graded. Give it back with \`sudo chown -R "$(id -un)" ${folder}\`, then run the same command again, without sudo`,
    );
  const what = NO_FOLDER.includes(code) ? 'it is no folder' : why === undefined ? message : `${why} ${folder}`;
  const text = `reports cannot be written into ${folder}: ${what}. Nothing was graded; choose another folder, or make room for them there`;
  const isTheirs = NO_FOLDER.includes(code) || NOT_FOR_THIS_USER.includes(code);
  return isTheirs ? new UsageError(text) : new InfrastructureError(text);
}

/** A sentence for whoever waits. @throws {UsageError} when the end of that run could not be seen. */
function inUse(folder: string, { owner, since, command }: Holder): string {
  const [machine = '', pid = ''] = owner.split(':');
  const where = path.relative(process.cwd(), folder) || '.';
  const isHere = machine === os.hostname();
  const by = `process ${pid} on ${isHere ? 'this machine' : `the machine ${machine}`}`;
  const who = `${where} is in use by ${by} since ${timeOf(since)} (${command})`;
  if (isHere) return `${who}; waiting until it ends; Ctrl-C to leave`;
  throw new UsageError(
    `${who}. From here it cannot be seen whether that run goes on: wait until it has ended, or choose another folder. If it was killed, remove ${path.join(where, LOCK)}`,
  );
}

/** The time of day, with the date if it is not today's. */
function timeOf(since: string): string {
  const then = new Date(since);
  const clock = then.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' });
  return then.toDateString() === new Date().toDateString() ? clock : `${then.toLocaleDateString('sv-SE')} ${clock}`;
}

/** Removes unfinished locks of runs that were killed while they took it. One that is just being made is made once more. */
async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder))
    if (name.startsWith(UNFINISHED)) await rm(path.join(folder, name), { recursive: true, force: true });
}

function givenBackAtTheEnd(lock: string, name: string): AsyncDisposable {
  const giveBack = (): void => {
    held.delete(giveBack);
    if (held.size === 0) heedEnds('off');
    try {
      unlinkSync(path.join(lock, name));
      rmdirSync(lock);
    } catch {
      // The folder is gone, or the next run has it already.
    }
  };
  if (held.size === 0) heedEnds('on');
  held.add(giveBack);
  return {
    [Symbol.asyncDispose]: () => {
      if (held.has(giveBack)) giveBack();
      return Promise.resolve();
    },
  };
}

function heedEnds(how: 'on' | 'off'): void {
  process[how]('exit', giveAllBack);
  for (const signal of ENDS) process[how](signal, endBy);
}

function giveAllBack(): void {
  for (const giveBack of held) giveBack();
}

/** Whoever else heeds a signal ends the process in their own time, and may write until then. */
function endBy(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  giveAllBack();
  process.kill(process.pid, signal);
}

function isFolder(folder: string): boolean {
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

/** Undefined when what is looked for is not there, or not any more. */
function unlessGone<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? '';
}
