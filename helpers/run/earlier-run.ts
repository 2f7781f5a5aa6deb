/**
 * What is done at the start about a note of an earlier run. A run with --allow-disturb writes one before it changes what runs
 * on a machine; it is still there if the run was killed, or if the connection was lost, before everything was put back.
 */
import os from 'node:os';
import type Docker from 'dockerode';
import { UsageError } from '../base/failure.ts';
import { ownerIsAlive } from '../machine/lab-host/labels.ts';
import { readNote, removeNote, writtenBy, type Note } from '../machine/restore/note.ts';
import { putBack } from '../machine/restore/put-back.ts';
import { changesSince } from '../machine/restore/restore.ts';
import { ask } from '../machine/setup/ask.ts';
import { say } from '../machine/setup/say.ts';
import type { RunOptions } from './options.ts';

/**
 * Offers to put back what an earlier run changed.
 *
 * @throws {UsageError} when that run still goes on, or when nobody can be asked.
 */
export async function settleEarlier(
  docker: Docker,
  { live, allowDisturb, restore }: Pick<RunOptions, 'live' | 'allowDisturb' | 'restore'>,
): Promise<void> {
  const note = await readNote(docker);
  if (note === undefined) return;
  const mayGoOn = ownerIsAlive(note.owner);
  if (mayGoOn && (isOfThisMachine(note) || !restore)) {
    if (live || restore) throw new UsageError(goesOn(note));
    return; // what is deployed now has nothing to do with what runs there
  }
  const changed = await changesSince(docker, note);
  if (changed.length === 0) {
    await removeNote(docker);
    return;
  }
  const what = `a run of ${timeOf(note)} was ended before it had put back what it changed here: ${changed.join('; ')}.`;
  const answer = restore || (await ask(`${what} Put it back now?`));
  if (answer === undefined) throw new UsageError(`${what} Add --restore to this command to put it back first`);
  if (answer) {
    say('putting it back …');
    if (await putBack(docker, note, say, false)) say('what runs here is again as it was before that run');
  } else if (allowDisturb) {
    throw new UsageError('what an earlier run changed has to be put back before this one may change it: answer yes');
  } else {
    say('left as it is; --restore puts it back');
  }
}

function isOfThisMachine({ owner }: Note): boolean {
  return owner.split(':')[0] === os.hostname();
}

function goesOn(note: Note): string {
  const what = `what runs here is just being changed by another run (--allow-disturb, ${writtenBy(note)})`;
  if (isOfThisMachine(note)) return `${what}: wait until it has ended`;
  return `${what}: wait until it has ended; if it was killed, add --restore to this command to put back what it changed`;
}

/** The time of day here. */
function timeOf({ at }: Note): string {
  return new Date(at).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' });
}
