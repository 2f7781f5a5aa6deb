import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { inRoot } from '../../helpers/machine/probe/agent/text-file.ts';

describe('a file of another root directory', () => {
  let root: string;
  beforeAll(() => {
    root = mkdtempSync(path.join(os.tmpdir(), 'netgrade-root-'));
    for (const folder of ['etc', 'run/resolve']) mkdirSync(path.join(root, folder), { recursive: true });
    writeFileSync(path.join(root, 'run/resolve/stub'), '');
    const links = {
      'etc/absolute': '/run/resolve/stub',
      'etc/relative': '../run/resolve/stub',
      'etc/twice': 'absolute',
      'etc/out': '../../../../run/resolve/stub',
      'etc/circle': 'circle',
      resolved: '/run/resolve',
    };
    for (const [link, target] of Object.entries(links)) symlinkSync(target, path.join(root, link));
  });
  afterAll(() => {
    rmSync(root, { recursive: true });
  });

  test.each([
    ['/etc/hosts', '/etc/hosts'],
    ['/etc/absolute', '/run/resolve/stub'],
    ['/etc/relative', '/run/resolve/stub'],
    ['/etc/twice', '/run/resolve/stub'],
    ['/etc/out', '/run/resolve/stub'],
    ['/resolved/stub', '/run/resolve/stub'],
    ['/../../etc/hosts', '/etc/hosts'],
  ])('%s is looked for at %s there, never here', (file, there) => {
    expect(inRoot(root, file)).toBe(`${root}${there}`);
  });

  test('a circle of links comes to an end', () => {
    expect(inRoot(root, '/etc/circle')).toBeUndefined();
  });

  test('a path of thousands of names is not followed to its end', () => {
    symlinkSync('a/'.repeat(2000), path.join(root, 'etc/far'));
    expect(inRoot(root, '/etc/far')).toBeUndefined();
    expect(inRoot(root, '/a'.repeat(2000))).toBeUndefined();
    expect(inRoot(root, '/a'.repeat(200))).toBe(root + '/a'.repeat(200));
  });

  test('without another root it is our own', () => {
    expect(inRoot('', '/etc/hosts')).toBe('/etc/hosts');
  });
});
