import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { opendir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { readSubmissions } from '../../helpers/run/read-submissions.ts';
import type { GradableLab } from '../../helpers/lab/catalogue.ts';
import { contentsOf, LIMITS } from '../../helpers/submission/contents.ts';

const FEW = { bytes: 1000, entries: 10, path: 1000 };

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'netgrade-contents-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function put(file: string, content = ''): void {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), content);
}

describe('what is in a folder', () => {
  test('are its files, folders and links; folders come before what is in them', async () => {
    put('run.sh', 'four');
    put('app/main.py', 'seven..');
    put('app.d/x', '');
    symlinkSync('/', path.join(root, 'link'));
    const { entries, bytes, over } = await contentsOf(root);
    expect(entries.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      'folder app',
      'folder app.d',
      'file app.d/x',
      'file app/main.py',
      'link link',
      'file run.sh',
    ]);
    expect([bytes, over]).toEqual([11, undefined]);
  });

  test('is neither a pipe nor a socket, and none is opened', async () => {
    execFileSync('mkfifo', [path.join(root, 'pipe')]);
    put('run.sh');
    expect((await contentsOf(root)).entries).toMatchObject([{ kind: 'file', name: 'run.sh' }]);
  });

  test('has names that can be handed on: what is no UTF-8 is refused, with its folder and what to do', async () => {
    put('app/main.py');
    writeFileSync(Buffer.concat([Buffer.from(`${root}/app/caf`), Buffer.from([0xe9]), Buffer.from('.py')]), '');
    expect((await contentsOf(root)).over).toMatch(/"app\/caf\ufffd\.py".*UTF-8.*rename/);
    put('b/\ufffd'); // a character as others
    expect((await contentsOf(path.join(root, 'b'))).over).toBeUndefined();
  });

  test('a link to a large folder is a link', async () => {
    symlinkSync('/usr', path.join(root, 'usr'));
    expect(await contentsOf(root)).toEqual({
      folder: root,
      entries: [{ kind: 'link', name: 'usr', target: '/usr' }],
      bytes: 0,
    });
  });
});

describe('a submission that is too large', () => {
  test('is so at one byte more than is allowed; the sentence says where it is, and what to do', async () => {
    put('data/dump.bin', 'x'.repeat(1000));
    expect((await contentsOf(root, FEW)).over).toBeUndefined();
    put('run.sh', 'x');
    const { over } = await contentsOf(root, FEW);
    expect(over).toContain('most of it in "data"');
    expect(over).toContain('Leave out what can be made again');
  });

  test('need not be on the disk: a file with a hole counts as what it would be', async () => {
    put('sparse');
    truncateSync(path.join(root, 'sparse'), 2 ** 40);
    expect((await contentsOf(root)).over).toContain('1048576 MiB');
  });

  test('may be so by the number of its files; what nobody has to hand in does not count', async () => {
    for (let i = 0; i < 10; i++) put(`${i}`);
    for (let i = 0; i < 20; i++) put(`node_modules/${i}`, 'x'.repeat(100));
    for (let i = 0; i < 20; i++) put(`.git/${i}`, 'x'.repeat(100));
    expect((await contentsOf(root, FEW)).over).toBeUndefined();
    put('11');
    expect((await contentsOf(root, FEW)).over).toContain('more than 10 files and folders');
  });

  test('counts folders, links and pipes, too: otherwise the walk would never end', async () => {
    for (let i = 0; i < 4; i++) mkdirSync(path.join(root, `folder${i}`));
    for (let i = 0; i < 4; i++) symlinkSync('nowhere', path.join(root, `link${i}`));
    for (let i = 0; i < 3; i++) execFileSync('mkfifo', [path.join(root, `pipe${i}`)]);
    expect((await contentsOf(root, FEW)).over).toContain('more than 10 files and folders');
  });

  test('is not walked on: at the limit it ends, however much more there is', async () => {
    for (let i = 0; i < 500; i++) put(`many/${i}`);
    const { entries } = await contentsOf(root, FEW);
    expect(entries).toHaveLength(FEW.entries + 1);
    // And no folder is left open by that: the descriptor is free again.
    await (await opendir(root)).close();
  });

  test('may be so by folders in folders, deeper than a path can say', async () => {
    mkdirSync(path.join(root, ...Array.from({ length: 6 }, () => 'x'.repeat(200))), { recursive: true });
    expect((await contentsOf(root)).over).toContain('so deep');
  });

  test('is invalid, and costs neither the student’s other labs nor anybody else', async () => {
    put('alice/big/run.sh');
    truncateSync(path.join(root, 'alice/big/run.sh'), LIMITS.bytes + 1);
    put('alice/small/run.sh', 'docker run …');
    const labs = ['big', 'small'].map((name) => ({ name, criteria: {} }) as GradableLab);
    const folders = ['big', 'small'].map((name) => [name, path.join(root, 'alice', name)] as const);
    const found = await readSubmissions([{ name: 'alice', labs: new Map(folders), unknown: [] }], labs);
    const { refused } = found.get('alice')!;
    expect([...refused.keys()]).toEqual(['big']);
    const { status, message } = refused.get('big')!.record;
    expect([status, message]).toEqual(['invalid', expect.stringContaining('At most 50 MiB and 5000 files')]);
  });
});

describe('what students handed in', () => {
  const labs = [{ name: 'lab', criteria: {} } as GradableLab];
  const digest = async (folder = 'alice/lab'): Promise<string> => {
    const student = { name: 'alice', labs: new Map([['lab', path.join(root, folder)]]), unknown: [] };
    return (await readSubmissions([student], labs)).get('alice')!.submissions.get('lab')!.digest;
  };

  test('has the same digest as long as it is the same, and another for another name, content or link', async () => {
    put('alice/lab/run.sh', 'one');
    const first = await digest();
    put('other/lab/run.sh', 'one');
    expect(await digest('other/lab')).toBe(first);
    put('alice/lab/run.sh', 'two');
    const second = await digest();
    symlinkSync('run.sh', path.join(root, 'alice/lab/link'));
    const third = await digest();
    expect(new Set([first, second, third]).size).toBe(3);
  });

  test.each(['run.sh', 'app'])(
    'has another digest when the permissions of %s change, for they are copied, too',
    async (name) => {
      put('alice/lab/run.sh', './app/start.sh');
      put('alice/lab/app/start.sh');
      chmodSync(path.join(root, 'alice/lab', name), 0o700);
      const before = await digest();
      chmodSync(path.join(root, 'alice/lab', name), 0o755);
      expect(await digest()).not.toBe(before);
    },
  );

  test('may not be there to be read: then it is nobody’s fault, and the others are graded', async () => {
    const student = { name: 'alice', labs: new Map([['lab', path.join(root, 'nowhere')]]), unknown: [] };
    const { refused } = (await readSubmissions([student], labs)).get('alice')!;
    expect(refused.get('lab')!.record).toMatchObject({
      status: 'error',
      message: expect.stringMatching(/cannot be read/),
    });
  });
});
