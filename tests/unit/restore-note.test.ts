/** The note on an engine: there is one at most, and only what can be read is believed. */
import { expect, test } from '@jest/globals';
import { LABEL, OWNER_LABEL, ownLabels } from '../../helpers/machine/lab-host/labels.ts';
import { newNote, NOTE_VOLUME, readNote, removeNote, writeNote } from '../../helpers/machine/restore/note.ts';

interface Volume {
  Name: string;
  Labels: Record<string, string>;
}

/** Volumes of an engine. As there, one that exists is not made anew. */
function engine(...there: Volume[]): { docker: never; volumes: Map<string, Volume> } {
  const volumes = new Map(there.map((each) => [each.Name, each]));
  const absent = Object.assign(new Error('no such volume'), { statusCode: 404 });
  const docker = {
    createVolume: ({ _query, _body: volume }: { _query: object; _body: Volume }) => {
      expect(_query).toEqual({}); // a note is too long for the address of a request
      if (!volumes.has(volume.Name)) volumes.set(volume.Name, volume);
      return Promise.resolve();
    },
    getVolume: (name: string) => ({
      inspect: () => (volumes.has(name) ? Promise.resolve(volumes.get(name)) : Promise.reject(absent)),
      remove: () => (volumes.delete(name) ? Promise.resolve() : Promise.reject(absent)),
    }),
  };
  return { docker: docker as never, volumes };
}

const ID = 'c0ffee'.padEnd(64, '0');
const NOTE = newNote([{ id: ID, stopSeconds: 5 }], { containers: [], networks: [] });

test('what was written is read, until it is removed', async () => {
  const { docker } = engine();
  await writeNote(docker, NOTE);
  expect(await readNote(docker)).toEqual(NOTE);
  await removeNote(docker);
  expect(await readNote(docker)).toBeUndefined();
  await removeNote(docker);
});

test('the sweep of what killed runs left does not take it, and it says whose it is', async () => {
  const { docker, volumes } = engine();
  await writeNote(docker, NOTE);
  expect(volumes.get(NOTE_VOLUME)?.Labels).toMatchObject({
    [LABEL]: 'note',
    [OWNER_LABEL]: ownLabels()[OWNER_LABEL],
  });
});

test('another run’s note is not overwritten', async () => {
  const { docker } = engine();
  const theirs = { ...NOTE, owner: 'lab-pc:4711:99' };
  await writeNote(docker, theirs);
  await expect(writeNote(docker, NOTE)).rejects.toThrow(/by process 4711 on lab-pc/);
  expect(await readNote(docker)).toEqual(theirs);
});

test('a second note of the same run means that it could not put back what it changed before', async () => {
  const { docker } = engine();
  await writeNote(docker, NOTE);
  await expect(writeNote(docker, { ...NOTE, at: '2026-03-01T00:00:00Z' })).rejects.toThrow(/could not be put back/);
});

test.each([
  ['no JSON', 'certainly'],
  ['another version', JSON.stringify({ ...NOTE, version: 2 })],
  ['a path in place of an id', JSON.stringify({ ...NOTE, restarts: [{ id: '../volumes/x', stopSeconds: 0 }] })],
  ['no snapshot', JSON.stringify({ ...NOTE, was: {} })],
])('%s is refused, with what to do', async (_, text) => {
  const Labels = { [LABEL]: 'note', 'netgrade.note': text };
  const { docker } = engine({ Name: NOTE_VOLUME, Labels });
  await expect(readNote(docker)).rejects.toThrow(/docker volume rm netgrade-note/);
});

test('a volume of that name that a submission made is no note', async () => {
  const Labels = { ...ownLabels('submission'), 'netgrade.note': JSON.stringify(NOTE) };
  const { docker } = engine({ Name: NOTE_VOLUME, Labels });
  expect(await readNote(docker)).toBeUndefined();
  await expect(writeNote(docker, NOTE)).rejects.toThrow(/not netgrade's/);
});
