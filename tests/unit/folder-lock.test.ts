/** One run at a time in a reports folder. Other runs are processes of their own; see tests/helpers/folder-taker.ts. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import {
  closeSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { readdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { isRecordFile } from '../../helpers/report/files.ts';
import { needFolder, takeFolder } from '../../helpers/report/folder-lock.ts';
import { OWNER_LABEL, ownLabels } from '../../helpers/machine/lab-host/labels.ts';
import { heardBy } from '../../helpers/machine/setup/say.ts';
import { until } from '../../helpers/base/wait.ts';

const DEADLINE_MS = 30_000;
/** Above every pid there can be. */
const NO_PID = 2 ** 22 + 1;
const RACERS = 20;

let folder: string;

beforeEach(() => {
  folder = path.join(mkdtempSync(path.join(os.tmpdir(), 'netgrade-lock-')), 'reports');
});
afterEach(() => {
  rmSync(path.dirname(folder), { recursive: true });
});

interface Taker {
  process: ChildProcess;
  said: () => string;
  ended: Promise<number | NodeJS.Signals | null>;
}

function startTaker(): Taker {
  const argv = ['--disable-warning=ExperimentalWarning', path.resolve('tests/helpers/folder-taker.ts'), folder];
  const child = spawn(process.execPath, argv, { stdio: ['pipe', 'pipe', 'pipe'] });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) => {
    child.once('close', (code, signal) => {
      resolve(signal ?? code);
    });
  });
  return { process: child, said: () => said, ended };
}

async function taken(taker: Taker): Promise<Taker> {
  const isTaken = await until(DEADLINE_MS, () => Promise.resolve(taker.said().includes('taken') || undefined));
  if (isTaken === undefined) throw new Error(`not taken: ${taker.said()}`);
  return taker;
}

/** As a run leaves it that was killed, or that goes on. */
function leaveLock(owner: string): void {
  mkdirSync(path.join(folder, '.in-use'), { recursive: true });
  const holder = { owner, since: '2026-01-02T03:04:05.000Z', command: 'npm run grade' };
  writeFileSync(path.join(folder, '.in-use', 'left.json'), JSON.stringify(holder));
}

test('a fresh folder is made and taken, and nothing is left in it afterwards', async () => {
  {
    await using held = await takeFolder(folder, 'a test');
    expect(readdirSync(folder)).toEqual(['.in-use']);
    expect(readdirSync(folder).filter(isRecordFile)).toEqual([]);
  }
  expect(readdirSync(folder)).toEqual([]);
});

test('whoever comes second says once who is there, waits, and goes on when that one has ended', async () => {
  const first = await taken(startTaker());
  const said: string[] = [];
  let second: AsyncDisposable | undefined;
  const taking = heardBy(
    (text) => said.push(text),
    async () => (second = await takeFolder(folder, 'a test')),
  );
  expect(await until(DEADLINE_MS, () => Promise.resolve(said[0]))).toMatch(
    new RegExp(
      `reports is in use by process ${first.process.pid} on this machine since \\d\\d:\\d\\d \\(a test\\); waiting until it ends; Ctrl-C to leave$`,
    ),
  );
  expect(second).toBeUndefined();
  first.process.stdin!.end();
  await using held = await taking;
  expect(await first.ended).toBe(0);
  expect(said).toHaveLength(1);
});

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('%s gives it back, and still ends the process', async (signal) => {
  const taker = await taken(startTaker());
  taker.process.kill(signal);
  expect(await taker.ended).toBe(signal);
  expect(existsSync(path.join(folder, '.in-use'))).toBe(false);
});

test('what a killed run has left is taken over without a word', async () => {
  const taker = await taken(startTaker());
  taker.process.kill('SIGKILL');
  await taker.ended;
  mkdirSync(path.join(folder, '.in-use-killed while it took it'));
  const said: string[] = [];
  await heardBy(
    (text) => said.push(text),
    async () => {
      await using held = await takeFolder(folder, 'a test');
      expect(readdirSync(folder)).toEqual(['.in-use']);
    },
  );
  expect(said).toEqual([]);
});

test('so is what a process has left whose number another one has now', async () => {
  const [machine, pid] = ownLabels()[OWNER_LABEL]!.split(':');
  leaveLock(`${machine}:${pid}:1`);
  await using held = await takeFolder(folder, 'a test');
  expect(readdirSync(path.join(folder, '.in-use'))).not.toContain('left.json');
});

test('so is what was damaged together with the machine', async () => {
  mkdirSync(path.join(folder, '.in-use'), { recursive: true });
  writeFileSync(path.join(folder, '.in-use', 'damaged.json'), '');
  await using held = await takeFolder(folder, 'a test');
  expect(readdirSync(path.join(folder, '.in-use'))).not.toContain('damaged.json');
});

test('a run on another machine cannot be watched: it is named, and so is the way out', async () => {
  leaveLock('another-machine:17:1');
  await expect(takeFolder(folder, 'a test')).rejects.toThrow(
    /reports is in use by process 17 on the machine another-machine since 2026-01-02 \d\d:\d\d \(npm run grade\).*choose another folder.*remove .*reports\/\.in-use$/,
  );
  expect(readdirSync(path.join(folder, '.in-use'))).toEqual(['left.json']);
});

test('of many that come at once, one after the other has it', async () => {
  let inside = 0;
  const racer = async (): Promise<number> => {
    await using held = await takeFolder(folder, 'a test');
    inside += 1;
    const seen = inside;
    await readdir(folder);
    inside -= 1;
    return seen;
  };
  const seen = await heardBy(
    () => undefined,
    () => Promise.all(Array.from({ length: RACERS }, racer)),
  );
  expect(seen).toEqual(Array.from({ length: RACERS }, () => 1));
  expect(readdirSync(folder)).toEqual([]);
});

test('a run that has seen what a killed one left does not take it from another run that was faster', async () => {
  // The one that looks at the lock is held up there until somebody writes into the pipe.
  mkdirSync(path.join(folder, '.in-use'), { recursive: true });
  execFileSync('mkfifo', [path.join(folder, '.in-use', 'left.json')]);
  const slow = startTaker();
  const pipe = await until(DEADLINE_MS, () =>
    Promise.resolve(openedForWriting(path.join(folder, '.in-use', 'left.json'))),
  );
  renameSync(path.join(folder, '.in-use'), path.join(folder, 'was'));
  await using held = await takeFolder(folder, 'a test');
  writeSync(pipe!, JSON.stringify({ owner: `${os.hostname()}:${NO_PID}:1` }));
  closeSync(pipe!);
  await until(DEADLINE_MS, () => Promise.resolve(slow.said() || undefined));
  expect(slow.said()).toContain(`is in use by process ${process.pid} on this machine`);
  await held[Symbol.asyncDispose]();
  await taken(slow);
  slow.process.stdin!.end();
  expect(await slow.ended).toBe(0);
});

/** Undefined while nobody reads it. */
function openedForWriting(pipe: string): number | undefined {
  try {
    return openSync(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
}

test('what is no folder is refused, and named', async () => {
  writeFileSync(folder, '');
  await expect(takeFolder(folder, 'a test')).rejects.toThrow(
    /reports cannot be written into .*reports: it is no folder/,
  );
  expect(() => {
    needFolder(folder);
  }).toThrow(/there is no folder/);
});

test('neither is one in which nothing can be written', async () => {
  await expect(takeFolder('/sys/reports', 'a test')).rejects.toThrow(
    /reports cannot be written into \/sys\/reports: .*choose another folder/,
  );
});

test('a link in the place of the lock is refused, and nothing behind it is removed', async () => {
  const precious = path.join(path.dirname(folder), 'precious');
  mkdirSync(folder);
  mkdirSync(precious);
  writeFileSync(path.join(precious, 'file'), 'x');
  symlinkSync(precious, path.join(folder, '.in-use'));
  await expect(takeFolder(folder, 'npm run grade')).rejects.toThrow(
    '.in-use is no folder, or a link to one: remove it',
  );
  expect(readdirSync(precious)).toEqual(['file']);
});
