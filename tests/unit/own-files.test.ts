/** The folder for temporary files belongs to everybody: what others put there is left as it is, whatever it is called. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { inOwnFolder, ownPath, removeDeadFiles } from '../../helpers/machine/lab-host/own-files.ts';

const NOBODY = 65534;
/** Only root can give things to another user. */
const IS_ROOT = process.getuid?.() === 0;
const MACHINE = createHash('sha256').update(os.hostname()).digest('hex').slice(0, 6);
/** No process of this number has this start time. */
const DEAD = `netgrade-${MACHINE}-${process.pid}-1-`;

let root: string;
let temporary: string;
const { TMPDIR } = process.env;

beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'own-files-'));
  chmodSync(root, 0o755);
  temporary = path.join(root, 'tmp');
  mkdirSync(temporary);
  chmodSync(temporary, 0o1777);
  mkdirSync(path.join(root, 'precious'));
  writeFileSync(path.join(root, 'precious', 'file'), 'x');
  process.env['TMPDIR'] = temporary; // for what reads it itself: Jest gives tests a copy of the environment
});
afterEach(() => {
  if (TMPDIR === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = TMPDIR;
  rmSync(root, { recursive: true, force: true });
});

/** A folder with a file in it, as a run leaves it that was killed. */
function left(ending: string, mode = 0o700): string {
  const folder = path.join(temporary, `${DEAD}${ending}`);
  mkdirSync(folder);
  writeFileSync(path.join(folder, '1.sock'), '');
  chmodSync(folder, mode);
  return folder;
}

test('what a killed run of ours has left is removed; what a run has that goes on is not', async () => {
  const dead = left('aaaaaa');
  const alive = path.dirname(ownPath('', temporary));
  await removeDeadFiles();
  expect([existsSync(dead), existsSync(alive)]).toEqual([false, true]);
});

describe('is left as it is:', () => {
  test('a folder that others may enter: it is none of ours', async () => {
    left('aaaaaa', 0o777);
    await removeDeadFiles();
    expect(readdirSync(path.join(temporary, `${DEAD}aaaaaa`))).toEqual(['1.sock']);
  });

  test('a link, and what is behind it', async () => {
    symlinkSync(path.join(root, 'precious'), path.join(temporary, `${DEAD}aaaaaa`));
    await removeDeadFiles();
    expect(readdirSync(temporary)).toEqual([`${DEAD}aaaaaa`]);
    expect(readdirSync(path.join(root, 'precious'))).toEqual(['file']);
  });

  test('everything, where others may rename what is ours', async () => {
    left('aaaaaa');
    chmodSync(temporary, 0o777);
    await removeDeadFiles();
    expect(readdirSync(temporary)).toEqual([`${DEAD}aaaaaa`]);
  });

  test('what another user has put there under such a name', async () => {
    if (!IS_ROOT) return;
    chownSync(left('aaaaaa'), NOBODY, NOBODY);
    symlinkSync(path.join(root, 'precious'), path.join(temporary, `${DEAD}bbbbbb`));
    lchownSync(path.join(temporary, `${DEAD}bbbbbb`), NOBODY, NOBODY);
    await removeDeadFiles();
    expect(readdirSync(temporary).sort()).toEqual([`${DEAD}aaaaaa`, `${DEAD}bbbbbb`]);
    expect(readdirSync(path.join(temporary, `${DEAD}aaaaaa`))).toEqual(['1.sock']);
  });

  test('everything, in a folder of another user', async () => {
    if (!IS_ROOT) return;
    left('aaaaaa');
    chownSync(temporary, NOBODY, NOBODY);
    await removeDeadFiles();
    expect(readdirSync(temporary)).toEqual([`${DEAD}aaaaaa`]);
  });
});

test('all that a run puts there is in a folder that only its user may enter', async () => {
  const socket = ownPath('.sock', temporary);
  expect(statSync(path.dirname(socket)).mode & 0o777).toBe(0o700);
  await inOwnFolder((folder) => {
    expect([statSync(folder).mode & 0o777, path.dirname(folder)]).toEqual([0o700, path.dirname(socket)]);
    return Promise.resolve();
  }, temporary);
  expect(readdirSync(temporary)).toEqual([path.basename(path.dirname(socket))]);
  expect(readdirSync(path.dirname(socket))).toEqual([]);
});

test('it is there again when somebody has tidied up meanwhile', () => {
  rmSync(path.dirname(ownPath('', temporary)), { recursive: true });
  expect(existsSync(path.dirname(ownPath('', temporary)))).toBe(true);
});

test('a process that ends removes its folder', () => {
  const program = `
    const { ownPath } = await import('./helpers/machine/lab-host/own-files.ts');
    (await import('node:fs')).writeFileSync(ownPath('.txt'), '');
    console.log((await import('node:fs')).readdirSync(process.env.TMPDIR).length);
    throw new Error('it fails');`;
  const env = { ...process.env, TMPDIR: temporary };
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { env, encoding: 'utf8' });
  expect([stdout, readdirSync(temporary)]).toEqual(['1\n', []]);
});

test('the path of a socket is short enough on macOS, too', () => {
  const folder = '/var/folders/zz/zyxvpxvq6csfxvn_n0000000000000/T/'.length;
  const [name = '', ...inside] = path.relative(temporary, ownPath('.sock', temporary)).split('/');
  // A process has no start time there.
  const start = /-(\d*)-\w{6}$/.exec(name)?.[1]?.length ?? 0;
  expect(folder + name.length - start + 1 + inside.join('/').length).toBeLessThanOrEqual(103);
});
