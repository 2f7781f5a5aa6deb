/**
 * Sockets and folders of a run in the folder for temporary files. As labels do on an engine, their names say which process
 * made them. So the next run removes what a killed one has left, and nothing else.
 */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { ownerIsAlive, OWNER_LABEL, ownLabels } from './labels.ts';

/** netgrade-MACHINE-PID-STARTTIME-RANDOM */
const OWNED = /^netgrade-([0-9a-f]{6})-(\d+)-(\d*)-/;

const ON_DISK = '/var/tmp';

/** Makes a new path. It is short, because a socket's path may have no more than 103 characters (unix(7); macOS). */
export function ownPath(ending = ''): string {
  const [, pid = '', startTime = ''] = ownLabels()[OWNER_LABEL]?.split(':') ?? [];
  return path.join(os.tmpdir(), `netgrade-${machine()}-${pid}-${startTime}-${randomBytes(4).toString('hex')}${ending}`);
}

/** The folder for large temporary files. It is not /tmp, which many machines keep in memory (file-hierarchy(7)). */
export function folderForLargeFiles(): string {
  return process.env['TMPDIR'] ?? (existsSync(ON_DISK) ? ON_DISK : os.tmpdir());
}

/** This machine's name, as a digest. Machines may share the folder, and none of them sees the processes of the others. */
function machine(): string {
  return createHash('sha256').update(os.hostname()).digest('hex').slice(0, 6);
}

/** Removes what ended runs have left there. */
export async function removeDeadFiles(): Promise<void> {
  for (const name of await readdir(os.tmpdir())) {
    const [, where, pid = '', startTime = ''] = OWNED.exec(name) ?? [];
    if (where !== machine() || ownerIsAlive([os.hostname(), pid, startTime].join(':'))) continue;
    await rm(path.join(os.tmpdir(), name), { recursive: true, force: true });
  }
}
