/**
 * Files of a run in the folders for temporary files. Other users of the machine may write there, too. So each process makes
 * one folder there that only its user may enter, and everything else lies in that. As labels do on an engine, the folder's
 * name says which process made it: the next run of the same user removes what a killed one has left, and nothing else.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, type Stats } from 'node:fs';
import { lstat, mkdir, readdir, rm, stat } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { log } from '../../base/log.ts';
import { reasonOf } from '../../base/failure.ts';
import { ownerIsAlive, OWNER_LABEL, ownLabels } from './labels.ts';

/** netgrade-MACHINE-PID-STARTTIME-RANDOM */
const OWNED = /^netgrade-([0-9a-f]{6})-(\d+)-(\d*)-\w{6}$/;

/** It is not /tmp, which many machines keep in memory (file-hierarchy(7)) or mount with `nodev` (systemd's tmp.mount). */
const ON_DISK = '/var/tmp';

/** A place in the home folder, for what has to be seen in a virtual machine; see shared/shared-files.ts. */
export const AT_HOME = path.join(homeFolder(), '.cache');

/** Bits of a mode, see inode(7). */
const OTHERS_MAY = 0o077;
const OTHERS_MAY_WRITE = 0o022;
const STICKY = 0o1000;

/** This process's folder in each place. */
const made = new Map<string, string>();
let paths = 0;

/**
 * Makes a new path in a folder of this process. It is short, because a socket's path may have no more than 103 characters
 * (unix(7); macOS).
 *
 * @param place The folder for temporary files.
 */
export function ownPath(ending = '', place = os.tmpdir()): string {
  return path.join(ownFolder(place), `${++paths}${ending}`);
}

/** The user's home; the folder for temporary files if the user has none, and no name either, as in some containers. */
export function homeFolder(): string {
  try {
    return os.homedir();
  } catch {
    return os.tmpdir();
  }
}

/** Does some work with a new empty folder, which only this user may enter, and removes it. @param place As of `ownPath`. */
export async function inOwnFolder<T>(work: (folder: string) => Promise<T>, place?: string): Promise<T> {
  const folder = ownPath('', place);
  await mkdir(folder, { mode: 0o700 });
  try {
    return await work(folder);
  } finally {
    // A folder that cannot be removed because of its permissions stays; the work is not lost for that.
    await rm(folder, { recursive: true, force: true }).catch((error: unknown) => {
      log('run', `could not remove ${folder}: ${reasonOf(error)}`);
    });
  }
}

/** The folder for large temporary files. */
export function folderForLargeFiles(): string {
  return process.env['TMPDIR'] ?? (existsSync(ON_DISK) ? ON_DISK : os.tmpdir());
}

/** This process's folder in a place. It is made again if somebody has tidied up there. */
function ownFolder(place: string): string {
  const known = made.get(place);
  if (known !== undefined && existsSync(known)) return known;
  const [, pid = '', startTime = ''] = ownLabels()[OWNER_LABEL]?.split(':') ?? [];
  const folder = mkdtempSync(path.join(place, `netgrade-${machine()}-${pid}-${startTime}-`)); // mode 0700
  made.set(place, folder);
  process.once('exit', () => {
    rmSync(folder, { recursive: true, force: true });
  });
  return folder;
}

/** This machine's name, as a digest. Machines may share the folder, and none of them sees the processes of the others. */
function machine(): string {
  return createHash('sha256').update(os.hostname()).digest('hex').slice(0, 6);
}

/** Removes what ended runs of this user have left. */
export async function removeDeadFiles(): Promise<void> {
  for (const place of new Set([os.tmpdir(), folderForLargeFiles(), ON_DISK, AT_HOME])) {
    if (!existsSync(place) || !keepsNames(await stat(place))) continue;
    for (const name of await readdir(place)) {
      const [, where, pid = '', startTime = ''] = OWNED.exec(name) ?? [];
      if (where !== machine() || ownerIsAlive([os.hostname(), pid, startTime].join(':'))) continue;
      const folder = path.join(place, name);
      if (isOurs(await lstat(folder))) await rm(folder, { recursive: true, force: true });
    }
  }
}

/** Whether nobody but its owner may rename a file of ours in this folder, and the owner is us or root. */
function keepsNames({ uid, mode }: Stats): boolean {
  return (uid === 0 || uid === process.getuid?.()) && ((mode & OTHERS_MAY_WRITE) === 0 || (mode & STICKY) !== 0);
}

/** A folder that nobody else could make or put something into. A link to one is none. */
function isOurs(stats: Stats): boolean {
  return stats.isDirectory() && stats.uid === process.getuid?.() && (stats.mode & OTHERS_MAY) === 0;
}
