/** What becomes of an ssh address with the user's ssh config. */
import { execFileSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test } from '@jest/globals';
import { UsageError } from '../../helpers/base/failure.ts';
import { resolveTarget, type SshTarget } from '../../helpers/machine/ssh/target.ts';
import { makeHome } from '../helpers/ssh-home.ts';

let home = '';
const homes: string[] = [];
afterEach(() => {
  for (const each of homes.splice(0)) rmSync(each, { recursive: true, force: true });
});

function resolve(url: string, config = '', more: Record<string, string> = {}, env: NodeJS.ProcessEnv = {}): SshTarget {
  home = makeHome({ config, ...more });
  homes.push(home);
  return resolveTarget(url, { home, env, userName: 'me' });
}

const at = (...names: string[]): string => path.join(home, ...names);

test('an address without a config', () => {
  const target = resolve('ssh://ann@lab.test:2222', '', { id_rsa: '', id_ed25519: '' });
  expect(target).toEqual({
    asTyped: 'ssh://ann@lab.test:2222',
    hostName: 'lab.test',
    port: 2222,
    user: 'ann',
    identityFiles: [at('.ssh/id_ed25519'), at('.ssh/id_rsa')],
    identitiesOnly: false,
    knownHostsFiles: [
      at('.ssh/known_hosts'),
      at('.ssh/known_hosts2'),
      '/etc/ssh/ssh_known_hosts',
      '/etc/ssh/ssh_known_hosts2',
    ],
    jumps: [],
  });
});

test.each([
  ['ssh://lab', { user: 'me', hostName: 'lab', port: 22 }],
  ['ssh://lab/', { user: 'me', hostName: 'lab' }],
  ['SSH://ann@lab', { user: 'ann', hostName: 'lab' }],
  ['ssh://ann@uni.test@lab:1', { user: 'ann@uni.test', hostName: 'lab', port: 1 }],
  ['ssh://ann%40uni.test@lab', { user: 'ann@uni.test', hostName: 'lab' }],
  ['ssh://[2001:db8::1]:23', { hostName: '2001:db8::1', port: 23 }],
  ['ssh://ann@[2001:db8::1]', { user: 'ann', hostName: '2001:db8::1', port: 22 }],
])('%s is read', (url, expected) => {
  expect(resolve(url)).toMatchObject(expected);
});

test.each([
  ['lab', /looks like ssh:/],
  ['tcp://lab:2375', /looks like ssh:/],
  ['ssh://', /looks like ssh:/],
  ['ssh://ann@', /looks like ssh:/],
  ['ssh://lab:port', /looks like ssh:/],
  ['ssh://lab/path', /looks like ssh:/],
  ['ssh://-oProxyCommand=true', /looks like ssh:/],
  ['ssh://ann:secret@lab', /password cannot be part/],
  ['ssh://lab:0', /no port 0/],
  ['ssh://lab:65536', /no port 65536/],
  ['ssh://%zz@lab', /looks like ssh:/],
])('%s is refused', (url, message) => {
  expect(() => resolve(url)).toThrow(UsageError);
  expect(() => resolve(url)).toThrow(message);
});

test('a refusal does not repeat a password', () => {
  expect(() => resolve('ssh://ann:secret@lab')).not.toThrow(/secret/);
});

const CONFIG = `
# A comment
Host other
  User nobody
Host lab l?b-* !lab-x
  hostname %h.example.test
  user student
  PORT=2200
  IdentityFile ~/.ssh/%r-at-%n
  IdentityFile "\${KEYS}/a key"
  IdentitiesOnly yes
  IdentityAgent ~/agent.sock
  UserKnownHostsFile ~/.ssh/course_hosts %d/more
  HostKeyAlias the-lab
Host *
  User late
  Port 9
`;

test('a config’s settings, each decided by the first section that has it', () => {
  const target = resolve('ssh://lab', CONFIG, {}, { KEYS: '/keys' });
  expect(target).toMatchObject({
    hostName: 'lab.example.test',
    port: 2200,
    user: 'student',
    identityFiles: [at('.ssh/student-at-lab'), '/keys/a key'],
    identitiesOnly: true,
    identityAgent: at('agent.sock'),
    hostKeyAlias: 'the-lab',
  });
  expect(target.knownHostsFiles.slice(0, 2)).toEqual([at('.ssh/course_hosts'), at('more')]);
});

test('what was typed wins over the config', () => {
  expect(resolve('ssh://ann@lab:1', CONFIG)).toMatchObject({ user: 'ann', port: 1, hostName: 'lab.example.test' });
});

test.each([
  ['lib-7', 'student'],
  ['lab-x', 'late'],
  ['elsewhere', 'late'],
])('patterns: %s', (host, user) => {
  expect(resolve(`ssh://${host}`, CONFIG).user).toBe(user);
});

test.each([
  ['none', 'none'],
  ['SSH_AUTH_SOCK', undefined],
  ['$MY_AGENT', '/run/my-agent'],
  ['/run/agent', '/run/agent'],
])('IdentityAgent %s', (value, expected) => {
  const target = resolve('ssh://lab', `IdentityAgent ${value}`, {}, { MY_AGENT: '/run/my-agent' });
  expect(target.identityAgent).toBe(expected);
});

test('included files take part where they stand, and only in sections that count', () => {
  const config = [
    'Include course/*.conf',
    'Host lab',
    '  Include in-lab',
    '  Port 7',
    'Host other',
    '  Include ~/.ssh/in-other',
    'Host *',
    '  User late',
  ].join('\n');
  const target = resolve('ssh://lab', config, {
    'course/1.conf': 'Host lab\n  HostName first.test\n',
    'course/2.conf': 'Host lab\n  HostName second.test\nHost nothing\n',
    'in-lab': 'HostKeyAlias from-lab\nHost other\n',
    'in-other': 'Host *\n  User from-other\n',
  });
  expect(target).toMatchObject({ hostName: 'first.test', hostKeyAlias: 'from-lab', port: 7, user: 'late' });
});

test('configs that include each other are refused', () => {
  expect(() => resolve('ssh://lab', 'Include again', { again: 'Include again' })).toThrow(/include each other/);
});

test('a way over jump hosts, each with its own settings', () => {
  const config = [
    'Host lab',
    '  ProxyJump outer,ann@inner:2201',
    'Host outer',
    '  HostName outer.test',
    '  User gate',
    '  ProxyJump first',
    'Host inner',
    '  User nobody',
    '  ProxyJump never-used',
    'Host first',
    '  ProxyJump none',
  ].join('\n');
  const { jumps } = resolve('ssh://lab', config);
  expect(jumps.map(({ hostName, user, port }) => [hostName, user, port])).toEqual([
    ['first', 'me', 22],
    ['outer.test', 'gate', 22],
    ['inner', 'ann', 2201],
  ]);
  expect(jumps.every((jump) => jump.jumps.length === 0)).toBe(true);
});

test.each([
  ['a circle', 'Host *\n  ProxyJump gate', /leads in a circle: lab → gate → gate \(/],
  ['a command', 'ProxyCommand nc %h %p', /ProxyCommand, which is not supported; ProxyJump is/],
  ['an unknown token', 'IdentityFile ~/.ssh/%C', /%C is not supported/],
  ['a broken port', 'Port many', /Port many is not a port/],
  ['a broken line', 'Host "lab', /config.*cannot be read/],
])('a config with %s is refused', (_, config, message) => {
  expect(() => resolve('ssh://lab', config)).toThrow(UsageError);
  expect(() => resolve('ssh://lab', config)).toThrow(message);
});

test('of ProxyJump and ProxyCommand the first one counts', () => {
  expect(resolve('ssh://lab', 'ProxyJump none\nProxyCommand nc %h %p').jumps).toEqual([]);
  expect(resolve('ssh://lab', 'ProxyCommand none\nProxyJump gate').jumps).toEqual([]);
});

test('Match asks for the name that HostName gave, however it is spelled', () => {
  expect(resolve('ssh://lab', 'Host lab\n  hostname lab.test\nMatch host lab.test\n  Port 8\n').port).toBe(8);
});

test('no command of a config is run, and what it would decide does not count', () => {
  const target = resolve('ssh://lab', `Match exec "touch ${at('ran')}"\n  User from-exec\n`);
  expect([target.user, existsSync(at('ran'))]).toEqual(['me', false]);
});

test('no name is looked up for a config', () => {
  const config = 'Host lab\n  CanonicalizeHostname yes\n  CanonicalDomains one.test two.test\n';
  expect(resolve('ssh://lab', config).hostName).toBe('lab');
  // In a process of its own, for the sake of its PATH.
  writeFileSync(at('nslookup'), `#!/bin/sh\n/usr/bin/touch ${at('ran')}\n`, { mode: 0o755 });
  const module = path.resolve('helpers/machine/ssh/target.ts');
  const options = JSON.stringify({ home, env: {}, userName: 'me' });
  const program = `const { resolveTarget } = await import('${module}'); resolveTarget('ssh://lab', ${options});`;
  execFileSync(process.execPath, ['--input-type=module', '--eval', program], { env: { PATH: home }, timeout: 10_000 });
  expect(existsSync(at('ran'))).toBe(false);
});
