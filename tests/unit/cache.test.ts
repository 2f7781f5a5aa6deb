/** What takes long to make is kept for later runs. */
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';

/** In a process of its own, as each run is one. @returns what was made of each source; a failure's message in its place. */
function run(kind: string, sources: [string, { makes: string } | { fails: string }][]): string[] {
  const program = `
    import { cached } from ${JSON.stringify(path.resolve('helpers/base/cache.ts'))};
    const made = [];
    for (const [source, { makes, fails }] of ${JSON.stringify(sources)})
      made.push(await cached('${kind}', source, async () => { if (fails) throw new Error(fails); return makes; }).catch(({ message }) => message));
    console.log(JSON.stringify(made));`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' });
  return JSON.parse(stdout) as string[];
}

test('a later run makes only what no earlier one could make', () => {
  const kind = `test-${randomUUID()}`;
  try {
    const first = run(kind, [
      ['one', { makes: 'first' }],
      ['hard', { fails: 'no memory' }],
    ]);
    const second = run(kind, [
      ['one', { fails: 'made twice' }],
      ['hard', { makes: 'now' }],
      ['another', { makes: 'something else' }],
    ]);
    expect({ first, second }).toEqual({ first: ['first', 'no memory'], second: ['first', 'now', 'something else'] });
  } finally {
    rmSync(path.resolve('node_modules/.cache/netgrade', kind), { recursive: true, force: true });
  }
});
