/** What bash itself notes of scripts, and what is read in these notes. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startTrace, tracedIn, type TracedCommand } from '../../../helpers/deploy/trace.ts';
import type { LabHost } from '../../../helpers/machine/lab-host/lab-host.ts';

let workplace: string;

beforeAll(() => {
  workplace = mkdtempSync(path.join(os.tmpdir(), 'trace-'));
});
afterAll(() => {
  rmSync(workplace, { recursive: true });
});

interface Ended {
  exitCode: number | null;
  output: string;
  commands: TracedCommand[];
}

/** This machine's bash in place of a lab host. */
function host(): LabHost {
  return {
    workplace,
    environment: { PATH: process.env['PATH'] },
    run: ({ argv, cwd, env }: { argv: string[]; cwd: string; env: Record<string, string> }) => {
      const { status, stdout, stderr } = spawnSync(argv[0]!, argv.slice(1), { cwd, env, encoding: 'utf8' });
      return Promise.resolve({ exitCode: status, output: stdout + stderr });
    },
    readText: (file: string) => Promise.resolve(existsSync(file) ? readFileSync(file, 'utf8') : undefined),
  } as unknown as LabHost;
}

async function traced(files: Record<string, string>): Promise<Ended> {
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(workplace, name), text);
  const trace = await startTrace(host(), []);
  const [program, ...words] = [...trace!.before, 'bash', 'run.sh'];
  const { status, stdout, stderr } = spawnSync(program, words, { cwd: workplace, encoding: 'utf8' });
  return { exitCode: status, output: stdout + stderr, commands: await trace!.read(workplace) };
}

test('the command that ended a script under set -e is the one that is marked', async () => {
  const { exitCode, commands } = await traced({ 'run.sh': 'set -e\necho one\ncat /no/such/file\necho never\n' });
  expect(exitCode).toBe(1);
  expect(commands).toEqual([
    { file: 'run.sh', line: 1, command: 'set -e' },
    { file: 'run.sh', line: 2, command: 'echo one' },
    { file: 'run.sh', line: 3, command: 'cat /no/such/file', exitCode: 1, ends: true },
  ]);
});

test('it is marked inside a function, in another script, and before a trap on EXIT has run', async () => {
  const inFunction = await traced({ 'run.sh': 'set -e\nmain() {\n  false\n}\ntrap "echo bye; true" EXIT\nmain\n' });
  expect(inFunction.output).toContain('bye');
  expect(inFunction.commands.filter(({ ends }) => ends)).toEqual([
    { file: 'run.sh', line: 3, command: 'false', exitCode: 1, ends: true },
  ]);
  const inAnother = await traced({ 'run.sh': 'set -e\nbash ./other.sh\n', 'other.sh': 'set -e\n\n(exit 7)\n' });
  expect(inAnother.commands.filter(({ ends }) => ends).map(({ file, line }) => [file, line])).toEqual([
    ['other.sh', 3],
    ['run.sh', 2],
  ]);
});

test('what may fail is not marked, and a script without set -e goes on', async () => {
  const { exitCode, commands } = await traced({
    'run.sh': 'if false; then true; fi\nfalse || echo fine\n! true\nno-such-program x\necho end\n',
  });
  expect(exitCode).toBe(0);
  expect(commands.filter((each) => each.exitCode !== undefined)).toEqual([
    { file: 'run.sh', line: 4, command: 'no-such-program x', exitCode: 127 },
  ]);
});

test('a script does the same with and without it', async () => {
  const script =
    'set -u\necho "$_ $?"\nfalse | true | false\necho "${PIPESTATUS[@]}"\n(exit 5)\necho "$?"\nx=$(exit 6)\necho "$? $_"\nset -x\necho traced\nexit 9\n';
  const { exitCode, output } = await traced({ 'run.sh': script });
  const plain = spawnSync('bash', ['run.sh'], { cwd: workplace, encoding: 'utf8' });
  expect([exitCode, output]).toEqual([plain.status, plain.stdout + plain.stderr]);
});

test('a loop makes no large file, and the command after it is there', async () => {
  const { commands } = await traced({ 'run.sh': 'for i in $(seq 2000); do false; done\necho after\n' });
  expect(commands.length).toBeLessThan(100);
  expect(commands.at(-1)).toEqual({ file: 'run.sh', line: 2, command: 'echo after' });
});

test('a script with such traps of its own is not traced', async () => {
  expect(await startTrace(host(), [{ text: 'set -e\ntrap "docker compose down" ERR\n' }])).toBeUndefined();
  expect(await startTrace(host(), [{ text: 'trap "docker compose down" EXIT\n' }])).toBeDefined();
});

describe('notes', () => {
  const notes = (...records: string[]): string => records.map((each) => `${each}\0`).join('');

  test('of other programs, of no file, and damaged ones are left out', () => {
    const text = notes(
      'D\t/usr/local/bin/sudo\t9\tshift',
      'D\t\t1\techo of -c',
      'D\tenvironment\t0\techo exported',
      'garbage',
      'D\t./run.sh\t2\techo a\nb',
      'D\t/home/student/lab/sub/x.sh\t3\ttrue',
    );
    expect(tracedIn(text, '/home/student/lab')).toEqual([
      { file: 'run.sh', line: 2, command: 'echo a\nb' },
      { file: 'sub/x.sh', line: 3, command: 'true' },
    ]);
  });

  test('are bounded: the first and the last ones stay', () => {
    const many = Array.from({ length: 1000 }, (_, i) => `D\trun.sh\t${i + 1}\ttrue`);
    const lines = tracedIn(notes(...many), '/').map(({ line }) => line);
    expect([lines.length, lines[0], lines.at(-1)]).toEqual([200, 1, 1000]);
  });
});
