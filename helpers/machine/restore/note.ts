/**
 * The note: what a run writes down before it changes anything of somebody else's, so that it can be put back, also by a later
 * run when this one is killed.
 *
 * It lies on the engine that it is about, as the label of an empty volume. So it is written and removed in one piece, it
 * survives a restart of either machine, and whoever comes to this engine finds it, from whichever machine they grade. An
 * engine has one note at most: the volume's name is always the same, and a volume that exists is not made anew.
 */
import type Docker from 'dockerode';
import { inBody } from '../../base/docker/as-run.ts';
import { orGone } from '../../base/docker/gone.ts';
import { InfrastructureError, UsageError } from '../../base/failure.ts';
import { LABEL, OWNER_LABEL, ownLabels } from '../lab-host/labels.ts';
import type { Snapshot } from './snapshot.ts';

export const NOTE_VOLUME = 'netgrade-note';
/** Not the label of what a run removes after itself: the note stays until everything is as it was. */
const NOTE = 'note';
const TEXT_LABEL = 'netgrade.note';
const VERSION = 1;
const ID = /^[0-9a-f]{64}$/;

export interface Note {
  version: number;
  /** When it was written, in ISO 8601. */
  at: string;
  /** The process that wrote it; see labels.ts. */
  owner: string;
  /** Containers that the experiments stop, in the order in which they start again. */
  restarts: Restart[];
  was: Snapshot;
}

export interface Restart {
  id: string;
  /** How long the container gets to shut down cleanly. */
  stopSeconds: number;
}

/** @param at When. */
export function newNote(restarts: Restart[], was: Snapshot, at = new Date()): Note {
  return { version: VERSION, at: at.toISOString(), owner: ownLabels()[OWNER_LABEL] ?? '', restarts, was };
}

/**
 * @throws {UsageError} when another run changes things there just now.
 * @throws {InfrastructureError} when what this run changed earlier could not be put back.
 */
export async function writeNote(docker: Docker, note: Note): Promise<void> {
  const text = JSON.stringify(note);
  const Labels = { ...ownLabels(), [LABEL]: NOTE, [TEXT_LABEL]: text };
  await docker.createVolume(inBody({ Name: NOTE_VOLUME, Labels }));
  const there = await textOn(docker);
  if (there === text) return;
  if (there === undefined)
    throw new UsageError(`the volume ${NOTE_VOLUME} there is not netgrade's; remove or rename it`);
  const other = parsed(there);
  if (other.owner === note.owner) throw new InfrastructureError('what was changed there before could not be put back');
  throw new UsageError(`what runs there is just being changed by another run (${writtenBy(other)})`);
}

/** @throws {UsageError} when it cannot be read. */
export async function readNote(docker: Docker): Promise<Note | undefined> {
  const text = await textOn(docker);
  return text === undefined ? undefined : parsed(text);
}

export async function removeNote(docker: Docker): Promise<void> {
  await orGone(() => docker.getVolume(NOTE_VOLUME).remove());
}

/** The same note, with other ids for some containers. */
export function withIds(note: Note, ids: ReadonlyMap<string, string>): Note {
  const now = (id: string): string => ids.get(id) ?? id;
  const rename = <T extends { id: string }>(each: T): T => ({ ...each, id: now(each.id) });
  const { containers, networks } = note.was;
  return {
    ...note,
    restarts: note.restarts.map(rename),
    was: {
      containers: containers.map(rename),
      networks: networks.map((each) => ({ ...each, members: each.members.map(now) })),
    },
  };
}

/** Who wrote a note, in words. */
export function writtenBy({ owner, at }: Note): string {
  const [machine = '', pid = ''] = owner.split(':');
  return `by process ${pid} on ${machine}, since ${at}`;
}

/** Undefined also when the volume is somebody else's: one that a submission made has another label. */
async function textOn(docker: Docker): Promise<string | undefined> {
  const volume = await orGone(() => docker.getVolume(NOTE_VOLUME).inspect());
  const labels = (volume?.Labels as Record<string, string> | null | undefined) ?? {};
  return labels[LABEL] === NOTE ? (labels[TEXT_LABEL] ?? '') : undefined;
}

/** Checked, because whoever may use the engine may have written it. */
function parsed(text: string): Note {
  try {
    const note = JSON.parse(text) as Note;
    if (isNote(note)) return note;
  } catch {
    // said below
  }
  throw new UsageError(
    `another version of netgrade has left a note there about what it changed (the Docker volume ${NOTE_VOLUME}), and this one cannot read it: let that version put it back, or forget it with \`docker volume rm ${NOTE_VOLUME}\``,
  );
}

function isNote({ version, at, owner, restarts, was }: Note): boolean {
  const isThing = ({ id, name }: { id: string; name: string }): boolean => ID.test(id) && typeof name === 'string';
  return (
    version === VERSION &&
    typeof owner === 'string' &&
    !Number.isNaN(Date.parse(at)) &&
    restarts.every(({ id, stopSeconds }) => ID.test(id) && Number.isInteger(stopSeconds)) &&
    was.containers.every((each) => isThing(each) && each.endpoints.every(({ config }) => typeof config === 'object')) &&
    was.networks.every((each) => isThing(each) && each.members.every((id) => ID.test(id)) && each.settings.IPAM.Config)
  );
}
