/** What travels to a machine that runs it. */
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import tar from 'tar-stream';
import { packFolder } from '../../helpers/machine/lab-host/pack-folder.ts';
import { contentsOf } from '../../helpers/submission/contents.ts';
import type { Reading } from '../../helpers/submission/items.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'netgrade-pack-'));
});
afterEach(() => {
  chmodSync(folder, 0o700);
  rmSync(folder, { recursive: true });
});

async function modesOf(reading: Reading): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for await (const entry of packFolder(await contentsOf(folder), '/lab', reading).pipe(tar.extract())) {
    entry.resume();
    found[entry.header.name.replace(/\/$/, '')] = entry.header.mode.toString(8);
  }
  return found;
}

test('folders and files that nobody may write can be changed by whoever runs them', async () => {
  mkdirSync(path.join(folder, 'app'));
  writeFileSync(path.join(folder, 'app/server.py'), 'x');
  writeFileSync(path.join(folder, 'run.sh'), 'x');
  chmodSync(path.join(folder, 'app/server.py'), 0o444);
  chmodSync(path.join(folder, 'run.sh'), 0o555);
  chmodSync(folder, 0o555);
  expect(await modesOf({ changeable: true })).toMatchObject({
    lab: '755',
    'lab/app/server.py': '644',
    'lab/run.sh': '755',
  });
  expect(await modesOf({})).toMatchObject({ lab: '555', 'lab/app/server.py': '444', 'lab/run.sh': '555' });
});
