/** Which host keys are trusted: known_hosts in all its forms. */
import { createHmac } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { HostKeys } from '../../helpers/machine/ssh/host-keys.ts';
import {
  keyFingerprint,
  keyTypesOf,
  lookUp,
  namesOf,
  parseKnownHosts,
  readKnownHosts,
} from '../../helpers/machine/ssh/known-hosts.ts';
import type { SshTarget } from '../../helpers/machine/ssh/target.ts';

const ED25519 = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAILKwNq7ibTUpbtwIsQ0Xb4Fk+PgOptNmtC3e7JPiJDed';
const ECDSA =
  'ecdsa-sha2-nistp256 AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBIaoADRnKM1FxukbxG4u4N8uW/uleIaAVD36nA0WLj0NKspQtgLlrUNuc3zjmzi1r+ig6uz/8VzspqKFSJmr/Es=';

const keyOf = (line: string): Buffer => Buffer.from(line.split(' ')[1] ?? '', 'base64');

/** As `ssh-keygen -H` writes it. */
function hashed(name: string): string {
  const salt = Buffer.from('0123456789abcdefghij');
  return `|1|${salt.toString('base64')}|${createHmac('sha1', salt).update(name).digest('base64')}`;
}

// What `ssh-keygen -lf` printed for these keys.
test.each([
  [ED25519, 'SHA256:hHPG9jVLUiY9YsRIMUSKsBWfUUU1xQoXbH6bfzI1M/M'],
  [ECDSA, 'SHA256:T0pzDWcdbfF0xUhfdIMoov+D2Ac4UC7eeMllCOE7aJA'],
])('the fingerprint of %s', (line, fingerprint) => {
  expect(keyFingerprint(keyOf(line))).toBe(fingerprint);
});

test.each([
  ['a plain name', 'lab.test', 'lab.test', 22, 'known'],
  ['a name in capitals', 'Lab.test', 'LAB.TEST', 22, 'known'],
  ['a list', 'gate,192.0.2.7,lab.test', '192.0.2.7', 22, 'known'],
  ['another name', 'gate', 'lab.test', 22, 'unknown'],
  ['a name that is only a part', 'lab', 'lab.test', 22, 'unknown'],
  ['a dot that stands for itself', 'lab.test', 'labxtest', 22, 'unknown'],
  ['a port', '[lab.test]:2200', 'lab.test', 2200, 'known'],
  ['another port', '[lab.test]:2201', 'lab.test', 2200, 'unknown'],
  ['a port, asked for without one', '[lab.test]:2200', 'lab.test', 22, 'unknown'],
  ['the plain name for another port', 'lab.test', 'lab.test', 2200, 'known'],
  ['an IPv6 address with a port', '[2001:db8::1]:2200', '2001:db8::1', 2200, 'known'],
  ['a star', '*.test', 'lab.test', 22, 'known'],
  ['a star in a port', '[lab.test]:*', 'lab.test', 2200, 'known'],
  ['a question mark', 'la?.test', 'lab.test', 22, 'known'],
  ['a question mark for nothing', 'lab?.test', 'lab.test', 22, 'unknown'],
  ['a negation', '*.test,!lab.test', 'lab.test', 22, 'unknown'],
  ['a negation of others', '*.test,!gate.test', 'lab.test', 22, 'known'],
  ['a hashed name', hashed('lab.test'), 'lab.test', 22, 'known'],
  ['a hashed name in capitals', hashed('lab.test'), 'Lab.Test', 22, 'known'],
  ['a hashed name with a port', hashed('[lab.test]:2200'), 'lab.test', 2200, 'known'],
  ['another hashed name', hashed('gate'), 'lab.test', 22, 'unknown'],
  ['an unknown hash', hashed('lab.test').replace('|1|', '|2|'), 'lab.test', 22, 'unknown'],
])('%s', (_, hosts, hostName, port, expected) => {
  const lines = parseKnownHosts(`${hosts} ${ED25519} a comment\n`, 'known_hosts');
  expect(lookUp(lines, namesOf({ hostName, port }), keyOf(ED25519)).known).toBe(expected);
});

test.each([
  ['another key of the type', `lab ${ED25519.replace('JDed', 'JDee')}`, 'changed'],
  ['a key of another type only', `lab ${ECDSA}`, 'changed'],
  ['this key beside others', `lab ${ECDSA}\nlab ${ED25519}`, 'known'],
  ['this key, revoked', `lab ${ED25519}\n@revoked * ${ED25519}`, 'revoked'],
  ['another key, revoked', `lab ${ED25519}\n@revoked * ${ECDSA}`, 'known'],
  ['this key, revoked for others', `lab ${ED25519}\n@revoked gate ${ED25519}`, 'known'],
  ['an authority only', `@cert-authority * ${ED25519}`, 'unknown'],
  ['a comment', `# lab ${ED25519}`, 'unknown'],
  ['a key that calls itself another type', `lab ${ED25519.replace('ssh-ed25519', 'ssh-rsa')}`, 'unknown'],
  ['half a line', 'lab ssh-ed25519', 'unknown'],
  ['nothing', '', 'unknown'],
])('a host of which known_hosts has %s', (_, text, expected) => {
  expect(lookUp(parseKnownHosts(text, 'known_hosts'), ['lab'], keyOf(ED25519)).known).toBe(expected);
});

test('another key under the plain name is that of the usual port’s server', () => {
  const lines = parseKnownHosts(`lab ${ECDSA}\n`, 'known_hosts');
  expect(lookUp(lines, namesOf({ hostName: 'lab', port: 2200 }), keyOf(ED25519)).known).toBe('unknown');
});

test('an alias is the only name', () => {
  expect(namesOf({ hostName: 'lab', port: 2200, hostKeyAlias: 'The-Lab' })).toEqual(['the-lab']);
});

test('a verdict names its line', () => {
  const lines = parseKnownHosts(`\n# first\ngate ${ECDSA}\nlab ${ED25519}\n`, '/home/me/.ssh/known_hosts');
  expect(lookUp(lines, ['lab'], keyOf(ED25519)).line).toMatchObject({ file: '/home/me/.ssh/known_hosts', line: 4 });
});

test('files that are not there hold nothing', () => {
  expect(readKnownHosts(['/nowhere/known_hosts'])).toEqual([]);
});

test('known types of a host, each once, revoked ones left out', () => {
  const lines = parseKnownHosts(`lab ${ECDSA}\n*b ${ECDSA}\n@revoked lab ${ED25519}\n`, 'known_hosts');
  expect(keyTypesOf(lines, ['lab'])).toEqual(['ecdsa-sha2-nistp256']);
});

const TARGET: SshTarget = {
  asTyped: 'ssh://me@lab:2200',
  hostName: 'lab.test',
  port: 2200,
  user: 'me',
  identityFiles: [],
  identitiesOnly: false,
  knownHostsFiles: [],
  jumps: [],
};

test('an unknown key is refused with its fingerprint, and how to go on', () => {
  const keys = new HostKeys(TARGET, { acceptHostKey: false, say: () => undefined });
  const message = keys.refusalOf(keyOf(ED25519))?.message;
  expect(message).toContain('ED25519 SHA256:hHPG9jVLUiY9YsRIMUSKsBWfUUU1xQoXbH6bfzI1M/M');
  expect(message).toContain('`ssh -p 2200 me@lab`');
  expect(message).toContain('--accept-host-key');
});

test('an accepted key is said once, and is the only one for the run', () => {
  const said: string[] = [];
  const keys = new HostKeys(TARGET, { acceptHostKey: true, say: (text) => said.push(text) });
  expect([keys.refusalOf(keyOf(ED25519)), keys.refusalOf(keyOf(ED25519))]).toEqual([undefined, undefined]);
  expect(said).toEqual([expect.stringMatching(/SHA256:hHPG.*this run only/)]);
  expect(keys.refusalOf(keyOf(ECDSA))?.message).toMatch(/changed during this run/);
});

test('RSA keys sign with SHA-2, and nothing signs with SHA-1', () => {
  const keys = new HostKeys(TARGET, { acceptHostKey: false, say: () => undefined });
  expect(keys.signatures()).toEqual([
    'ssh-ed25519',
    'ecdsa-sha2-nistp256',
    'ecdsa-sha2-nistp384',
    'ecdsa-sha2-nistp521',
    'rsa-sha2-512',
    'rsa-sha2-256',
  ]);
});
