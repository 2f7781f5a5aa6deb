/** Puts back what a run of ours changed on an engine, and removes the note about it. Says what does not go as it should. */
import type Docker from 'dockerode';
import { reasonOf } from '../../base/failure.ts';
import { inTime } from '../../base/wait.ts';
import { OWNER_LABEL, ownLabels } from '../lab-host/labels.ts';
import { readNote, removeNote, type Note } from './note.ts';
import { restore } from './restore.ts';

const RESTORE_MS = 180_000;

/** What the user does if something could not be put back, or not yet. */
export const TRY_AGAIN =
  'what was there is written down on that engine: give the same command again with --restore, and it is put back first';

/**
 * Never throws. The note stays if something failed that another try may put back.
 *
 * @param isOurs Whether this very process wrote the note. If not, this is the last try: the note is removed in any case,
 *   unless the engine does not answer.
 * @returns whether everything is now as it was.
 */
export async function putBack(
  docker: Docker,
  note: Note,
  say: (text: string) => void,
  isOurs: boolean,
): Promise<boolean> {
  try {
    const late = `it took longer than ${RESTORE_MS / 1000} s`;
    const { left, failed } = await inTime(restore(docker, note, isOurs), RESTORE_MS, late);
    for (const each of left) say(`not put back as it was: ${each}`);
    for (const each of failed) say(`could not ${each}`);
    if (failed.length === 0 || !isOurs) await removeNote(docker);
    else say(TRY_AGAIN);
    return left.length + failed.length === 0;
  } catch (error) {
    say(`could not put back what ran there as it was: ${reasonOf(error)}; ${TRY_AGAIN}`);
    return false;
  }
}

/** Puts back what this very process changed when it last had the machine, before the connection was lost. */
export async function putBackOwn(docker: Docker, say: (text: string) => void): Promise<void> {
  const note = await readNote(docker);
  if (note === undefined || note.owner !== ownLabels()[OWNER_LABEL]) return;
  if (await putBack(docker, note, say, true)) say('what runs there is again as it was before the connection was lost');
}
