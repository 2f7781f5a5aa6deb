/**
 * Sockets and folders of a run in the folder for temporary files. Their names say whose they are, as labels do on an
 * engine: so the next run removes what a killed one has left, and nothing else.
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

/** A path that nobody has; short, because a socket's may have no more than 103 characters (unix(7); macOS). */
export function ownPath(ending = ''): string {
  const [, pid = '', startTime = ''] = ownLabels()[OWNER_LABEL]?.split(':') ?? [];
  return path.join(os.tmpdir(), `netgrade-${machine()}-${pid}-${startTime}-${randomBytes(4).toString('hex')}${ending}`);
}

/** Where temporary files lie that are too large for memory, which is where many machines have their /tmp (file-hierarchy(7)). */
export function folderForLargeFiles(): string {
  return process.env['TMPDIR'] ?? (existsSync(ON_DISK) ? ON_DISK : os.tmpdir());
}

/** Machines may share the folder: none sees the others' processes. */
function machine(): string {
  return createHash('sha256').update(os.hostname()).digest('hex').slice(0, 6);
}

/** Removes what runs that have ended have left there. */
export async function removeDeadFiles(): Promise<void> {
  for (const name of await readdir(os.tmpdir())) {
    const [, where, pid = '', startTime = ''] = OWNED.exec(name) ?? [];
    if (where !== machine() || ownerIsAlive([os.hostname(), pid, startTime].join(':'))) continue;
    await rm(path.join(os.tmpdir(), name), { recursive: true, force: true });
  }
}
