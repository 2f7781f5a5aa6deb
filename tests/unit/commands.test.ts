import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';

const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
const COMMANDS = Object.keys(scripts).filter((name) => scripts[name]?.endsWith(` helpers/cli/${name}.ts`));

/** `npx netgrade …args`, without what npm and start.mjs do before. */
function netgrade(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const command = ['--disable-warning=ExperimentalWarning', 'helpers/cli/netgrade.ts', ...args];
  return spawnSync(process.execPath, command, { encoding: 'utf8', env: { ...process.env, GITHUB_ACTIONS: '' } });
}

test('alone it lists every command that npm run has, with a line each', () => {
  const { status, stdout } = netgrade();
  expect(status).toBe(0);
  const listed = [...stdout.matchAll(/^ {2}(\S+) +\S/gm)].map(([, name]) => name);
  expect(listed.sort()).toEqual(COMMANDS.sort());
});

test.each(COMMANDS)('%s does what `npm run` does', (name) => {
  const { status, stdout } = netgrade(name, '--help');
  expect(status).toBe(0);
  expect(stdout).toMatch(new RegExp(`^usage: npm run ${name} -- `));
});

test('a command gets all that follows its name', () => {
  expect(netgrade('explain', 'alice', 'a-rule', '--out', '/nowhere')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('/nowhere'),
  });
});

test('an unknown command is told what comes near it', () => {
  expect(netgrade('self-tets')).toMatchObject({
    status: 2,
    stderr: expect.stringMatching(/^netgrade: there is no command "self-tets"; did you mean self-test\?/),
  });
});
