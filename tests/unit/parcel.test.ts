import { createHash } from 'node:crypto';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
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
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
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

type Forged = Pick<tar.Header, 'name'> & Partial<Pick<tar.Header, 'type' | 'linkname' | 'mode'>> & { text?: string };

async function forged(entries: Forged[]): Promise<Parcel> {
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

describe('refuses', () => {
  const SUBMISSION = { name: 'submission', type: 'directory' } as const;
  test.each<[string, Forged[], string]>([
    [
      'a file below a link',
      [
        SUBMISSION,
        { name: 'submission/door', type: 'symlink', linkname: '/var/empty' },
        { name: 'submission/door/planted', text: 'x' },
      ],
      'lies in no folder of it',
    ],
    [
      'a link below a link, which would be made outside',
      [
        SUBMISSION,
        { name: 'submission/door', type: 'symlink', linkname: '../../handed-in' },
        { name: 'submission/door/planted', type: 'symlink', linkname: '/etc' },
      ],
      'lies in no folder of it',
    ],
    [
      'a link in the place of a folder',
      [
        SUBMISSION,
        { name: 'submission/a', type: 'directory' },
        { name: 'submission/a', type: 'symlink', linkname: '/' },
      ],
      'twice',
    ],
    ['a link in the place of everything', [{ name: 'submission', type: 'symlink', linkname: '/' }], 'begins with'],
    ['a file without a folder', [SUBMISSION, { name: 'submission/a/b', text: 'x' }], 'lies in no folder of it'],
    ['a hard link', [SUBMISSION, { name: 'submission/a', type: 'link', linkname: '/etc/passwd' }], 'neither a file'],
    ['a device', [SUBMISSION, { name: 'submission/a', type: 'character-device' }], 'neither a file'],
    ['a pipe', [SUBMISSION, { name: 'submission/a', type: 'fifo' }], 'neither a file'],
    ['two files of one name', [SUBMISSION, { name: 'submission/a', text: '1' }, { name: 'submission/a' }], 'twice'],
    [
      'a path that is too long',
      [SUBMISSION, { name: `submission/${'a'.repeat(LIMITS.path + 1)}`, text: 'x' }],
      'is too long',
    ],
  ])('%s', async (_, entries, why) => {
    await expect(unpackParcel(await forged(entries), into)).rejects.toThrow(why);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('more files, folders and links than a submission may have', async () => {
    const most = (kind: Omit<Forged, 'name'>): Forged[] => [
      SUBMISSION,
      ...Array.from({ length: LIMITS.entries }, (_, i) => ({ name: `submission/${i}`, ...kind })),
    ];
    await unpackParcel(await forged(most({})), into);
    for (const kind of [{}, { type: 'directory' }, { type: 'symlink', linkname: 'x' }] as const) {
      const parcel = await forged([...most(kind), { name: 'submission/more', ...kind }]);
      await expect(unpackParcel(parcel, mkdtempSync(path.join(root, 'full-')))).rejects.toThrow('more entries');
    }
  });
});

test('a file runs as nobody but whoever runs it', async () => {
  const parcel = await forged([
    { name: 'submission', type: 'directory', mode: 0o7777 },
    { name: 'submission/run.sh', text: 'x', mode: 0o6755 },
  ]);
  const there = await unpackParcel(parcel, into);
  expect([there, path.join(there, 'run.sh')].map((file) => statSync(file).mode & 0o7777)).toEqual([0o777, 0o755]);
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
