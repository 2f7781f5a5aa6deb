/** A judge process that is lost: what it printed last is said, and not written into a student's record. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { spawnSync } from 'node:child_process';
import { expect, test } from '@jest/globals';

/** In a process of its own: the judge runs Jest, which cannot run in a test of Jest's. */
function judgeLosing(timesLost: number): { message?: string; evidence?: string } {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'netgrade-lost-'));
  const program = path.join(folder, 'lose.ts');
  const at = (file: string): string => JSON.stringify(path.resolve(file));
  writeFileSync(
    path.join(folder, 'dies.mjs'),
    `import { existsSync, appendFileSync, readFileSync } from 'node:fs';
     const log = ${JSON.stringify(path.join(folder, 'lost'))};
     const lost = existsSync(log) ? readFileSync(log, 'utf8').length : 0;
     if (process.argv[1]?.includes('judge-process') && lost < ${timesLost}) {
       appendFileSync(log, 'x');
       process.stderr.write('out of something\\n', () => process.exit(9));
     }`,
  );
  writeFileSync(
    program,
    `import { Judge } from ${at('helpers/judge/judge.ts')};
     import { loadCatalogue } from ${at('helpers/lab/catalogue.ts')};
     import { NOTHING } from ${at('helpers/survey/nothing.ts')};
     using judge = new Judge();
     const lab = (await loadCatalogue()).get('none-network');
     try {
       const verdicts = await judge.judge(lab, NOTHING);
       console.log(JSON.stringify({ evidence: JSON.stringify(verdicts.flatMap(({ evidence }) => evidence)) }));
     } catch (error) {
       console.log(JSON.stringify({ message: error.message }));
     }`,
  );
  const { stdout } = spawnSync(process.execPath, [program], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: `--import ${path.join(folder, 'dies.mjs')}` },
  });
  rmSync(folder, { recursive: true, force: true });
  return JSON.parse(stdout) as { message?: string; evidence?: string };
}

test('once: the record says so, without what it printed', () => {
  const { evidence } = judgeLosing(1);
  expect(evidence).toContain('the judge process was lost: it ended (exit code 9)');
  expect(evidence).not.toContain('out of something');
});

test('twice: the error says what it printed last', () => {
  expect(judgeLosing(2).message).toBe(
    'the judge process was lost: it ended (exit code 9); it printed last: out of something',
  );
});
