import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { versionOf } from '../../helpers/queue/version.ts';

test('a worker is of a grader’s version only with the same program, engine and labs', async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'netgrade-version-'));
  try {
    const lab = path.join(folder, 'lab.yaml');
    writeFileSync(lab, 'one');
    const mine = await versionOf('28.5', [folder]);
    expect(await versionOf('28.5', [folder])).toEqual(mine);
    const others = [await versionOf('26.1', [folder]), await versionOf('28.5', [])];
    writeFileSync(lab, 'two');
    others.push(await versionOf('28.5', [folder]));
    expect(new Set([mine, ...others].map(({ queue }) => queue)).size).toBe(4);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
