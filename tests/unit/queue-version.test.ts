import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from '@jest/globals';

/** Asked as workers and graders ask: the module finds the program by its own place. */
const ASK = `
  import { versionOf } from ${JSON.stringify(path.resolve('helpers/run/queue/version.ts'))};
  const [engine, ...labs] = process.argv.slice(1);
  console.log((await versionOf(engine, labs)).queue);
`;

function queueOf(engine: string, ...labs: string[]): string {
  const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', ASK, engine, ...labs];
  return execFileSync(process.execPath, args, { encoding: 'utf8' });
}

test('a worker is of a grader’s version only with the same engine and the same labs', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'netgrade-version-'));
  try {
    const lab = path.join(folder, 'lab.yaml');
    writeFileSync(lab, 'one');
    const mine = queueOf('28.5', folder);
    expect(queueOf('28.5', folder)).toBe(mine);
    const others = [queueOf('26.1', folder), queueOf('28.5')];
    writeFileSync(lab, 'two');
    others.push(queueOf('28.5', folder));
    expect(new Set([mine, ...others]).size).toBe(4);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
