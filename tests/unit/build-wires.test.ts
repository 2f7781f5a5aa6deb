/** Builds wait for their wire: who begins is told once, and goes on when it is let go. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { BuildWires } from '../../helpers/machine/probe/agent/build-wires.ts';

const SHORT_MS = 50;
const LONG_MS = 5_000;

let folder: string;
let wires: BuildWires;
const hooks: net.Socket[] = [];

beforeEach(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'netgrade-wires-'));
  wires = await BuildWires.open('192.0.2.1', folder);
});
afterEach(() => {
  for (const hook of hooks.splice(0)) hook.destroy();
  rmSync(folder, { recursive: true });
});

function begin(text: string): net.Socket {
  const hook = net.connect(path.join(folder, 'socket'));
  hook.on('error', () => undefined);
  hook.write(text);
  hooks.push(hook);
  return hook;
}

test('the grader is told of each build, and the build goes on when it is let go', async () => {
  const asked = wires.next(LONG_MS);
  const hook = begin('42\n');
  expect(await asked).toEqual({ pid: 42 });
  begin('43\n');
  expect(await wires.next(LONG_MS)).toEqual({ pid: 43 });
  expect(await wires.next(SHORT_MS)).toEqual({});
  wires.go(42);
  const [said] = (await once(hook, 'data')) as [Buffer];
  expect(String(said)).toBe('+');
});

test('what is no process is refused', async () => {
  const hook = begin('no process, but a long sentence\n');
  await once(hook, 'close');
  expect(await wires.next(SHORT_MS)).toEqual({});
  wires.go(1); // nobody waits
});

test('builds ask the gateway for names', () => {
  expect(readFileSync(path.join(folder, 'resolv.conf'), 'utf8')).toBe('nameserver 192.0.2.1\n');
});
