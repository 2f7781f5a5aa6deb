/** What is fed to a process in a container, by a container that is none. */
import { PassThrough, Readable } from 'node:stream';
import { expect, test } from '@jest/globals';
import type Docker from 'dockerode';
import { feed } from '../../helpers/machine/lab-host/exec-stream.ts';
import { packFolder } from '../../helpers/machine/lab-host/pack-folder.ts';

/** Its process ends with success, however much it was given. */
function containerWith(stream: PassThrough): Docker.Container {
  const exec = { start: () => Promise.resolve(stream), inspect: () => Promise.resolve({ ExitCode: 0 }) };
  return { exec: () => Promise.resolve(exec), modem: { demuxStream: () => undefined } } as unknown as Docker.Container;
}

function feedWith(input: Readable): Promise<{ exitCode: number | null }> {
  const stream = new PassThrough();
  stream.resume();
  return feed(containerWith(stream), ['tar'], input);
}

test('a folder of which something has vanished is an error: half of it is not taken for all', async () => {
  const vanished = packFolder({ folder: '/nonexistent', entries: [] }, '/lab');
  await expect(feedWith(vanished)).rejects.toThrow(/^the submission cannot be read: .*ENOENT/);
});

test('what was fed to its end is judged by the exit code', async () => {
  expect(await feedWith(Readable.from(['all']))).toMatchObject({ exitCode: 0 });
});

test('a process that ends before it has read everything is judged by its exit code, too', async () => {
  const stream = new PassThrough();
  const fed = feed(containerWith(stream), ['tar'], Readable.from(['one', 'two']));
  setImmediate(() => stream.destroy());
  expect(await fed).toMatchObject({ exitCode: 0 });
});
