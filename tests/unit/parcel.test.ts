import { createHash } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import tar from 'tar-stream';
import { packParcel, unpackParcel, type Parcel } from '../../helpers/run/queue/parcel.ts';
import { contentsOf, LIMITS } from '../../helpers/submission/contents.ts';

let root: string;
let folder: string;
let into: string;

beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'netgrade-parcel-test-'));
  folder = path.join(root, 'handed-in');
  into = path.join(root, 'received');
  mkdirSync(folder);
  mkdirSync(into);
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

async function forged(
  entries: (Pick<tar.Header, 'name'> & { type?: 'directory' | 'symlink'; linkname?: string; text?: string })[],
): Promise<Parcel> {
  const pack = tar.pack();
  for (const { text = '', ...header } of entries) pack.entry(header, text);
  pack.finalize();
  const content = gzipSync(await buffer(pack));
  return { digest: createHash('sha256').update(content).digest('hex'), content };
}

test('files, modes, empty folders and links arrive as they were', async () => {
  mkdirSync(path.join(folder, 'app/empty'), { recursive: true });
  writeFileSync(path.join(folder, 'run.sh'), 'docker run …\n');
  writeFileSync(path.join(folder, 'app/ümlaut\n.bin'), Buffer.from([0, 255, 10, 13]));
  chmodSync(path.join(folder, 'run.sh'), 0o751);
  symlinkSync('/etc/passwd', path.join(folder, 'out'));
  chmodSync(path.join(folder, 'app'), 0o500);
  const there = await unpackParcel(await packParcel(await contentsOf(folder)), into);
  expect(readFileSync(path.join(there, 'run.sh'), 'utf8')).toBe('docker run …\n');
  expect([...readFileSync(path.join(there, 'app/ümlaut\n.bin'))]).toEqual([0, 255, 10, 13]);
  expect(statSync(path.join(there, 'run.sh')).mode & 0o777).toBe(0o751);
  expect(statSync(path.join(there, 'app')).mode & 0o777).toBe(0o500);
  expect(statSync(path.join(there, 'app/empty')).isDirectory()).toBe(true);
  expect(readlinkSync(path.join(there, 'out'))).toBe('/etc/passwd');
  chmodSync(path.join(folder, 'app'), 0o700);
});

test('the same folder has the same name, another content another one', async () => {
  writeFileSync(path.join(folder, 'run.sh'), 'one\n');
  const [first, again] = [await packParcel(await contentsOf(folder)), await packParcel(await contentsOf(folder))];
  writeFileSync(path.join(folder, 'run.sh'), 'two\n');
  expect(again.digest).toBe(first.digest);
  expect((await packParcel(await contentsOf(folder))).digest).not.toBe(first.digest);
});

test('what did not arrive as it was sent is refused', async () => {
  writeFileSync(path.join(folder, 'run.sh'), 'one\n');
  const { digest, content } = await packParcel(await contentsOf(folder));
  const changed = Buffer.from(content.map((byte, i) => (i === 30 ? byte ^ 1 : byte)));
  await expect(unpackParcel({ digest, content: changed }, into)).rejects.toThrow('did not arrive as it was sent');
});

test.each(['../outside', 'submission/../../outside', '/tmp/outside', '.'])(
  'a file called %j is refused',
  async (name) => {
    await expect(unpackParcel(await forged([{ name, text: 'x' }]), into)).rejects.toThrow('outside of itself');
  },
);

test('nothing is written through a link', async () => {
  const parcel = await forged([
    { name: 'submission', type: 'directory' },
    { name: 'submission/door', type: 'symlink', linkname: folder },
    { name: 'submission/door/planted', text: 'x' },
  ]);
  await expect(unpackParcel(parcel, into)).rejects.toThrow(/ENOENT/);
  expect(() => statSync(path.join(folder, 'planted'))).toThrow('ENOENT');
});

test('a few bytes that unpack to more than a submission may be are refused', async () => {
  const zeros = '\0'.repeat(LIMITS.bytes + 30 * 1024 * 1024);
  const parcel = await forged([
    { name: 'submission', type: 'directory' },
    { name: 'submission/zeros', text: zeros },
  ]);
  expect(parcel.content.length).toBeLessThan(1024 * 1024);
  await expect(unpackParcel(parcel, into)).rejects.toThrow('more than a submission may be');
});

test('a folder that changes while it is packed fails by itself, and nothing else does', async () => {
  // A file of the kernel's is longer than it says.
  await expect(packParcel(await contentsOf('/proc/sys/kernel/random'))).rejects.toThrow();
});
