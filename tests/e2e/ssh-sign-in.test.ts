/** Whom one reaches over ssh, and who is let in: against a real sshd on a lab host. */
import net from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { keyPair } from '../helpers/ssh-keys.ts';
import { InfrastructureError, UsageError } from '../../helpers/base/failure.ts';
import { keyFingerprint } from '../../helpers/machine/ssh/known-hosts.ts';
import type { SshMachine } from '../../helpers/machine/ssh/machine.ts';
import { startAgent } from '../helpers/ssh-agent.ts';
import { connectTo, failureToConnect, type ConnectOptions } from '../helpers/ssh-connect.ts';
import { bootSshHost, type SshHost } from '../helpers/ssh-host.ts';

const PREPARE_MS = 600_000;
const TEST_MS = 60_000;
const SOON_MS = 20_000;
jest.setTimeout(TEST_MS);

let host: SshHost;
let machine: SshMachine;

beforeAll(async () => {
  host = await bootSshHost();
  machine = await connect();
}, PREPARE_MS);
afterAll(async () => {
  await machine[Symbol.asyncDispose]();
  await host[Symbol.asyncDispose]();
}, TEST_MS);

const connect = (options: ConnectOptions = {}): Promise<SshMachine> => connectTo(host, options);
const failureOf = (options: ConnectOptions): Promise<Error> => failureToConnect(host, options);
const fingerprint = (type: keyof SshHost['hostKeys']): string =>
  keyFingerprint(Buffer.from(host.hostKeys[type].split(' ')[1] ?? '', 'base64'));

describe('who is at the other end', () => {
  test('a known host’s address is that of the machine', () => {
    expect([machine.user, machine.hostName, machine.address]).toEqual(['student', host.address, host.address]);
  });

  test('an unknown key is refused with its fingerprint', async () => {
    const failure = await failureOf({ home: host.homeWith({ known_hosts: '' }) });
    expect(failure).toBeInstanceOf(UsageError);
    expect(failure.message).toContain(fingerprint('ed25519'));
    expect(failure.message).toContain('--accept-host-key');
  });

  test('an unknown key is accepted when asked for, also by more connections, and nothing is written', async () => {
    const said: string[] = [];
    const home = host.homeWith({ known_hosts: '' });
    await using connected = await connect({ home, acceptHostKey: true, said });
    const streams = await Promise.all(Array.from({ length: 9 }, () => connected.dial(['cat'])));
    for (const stream of streams) stream.destroy();
    expect(said).toEqual([expect.stringContaining(fingerprint('ed25519'))]);
    expect(await failureOf({ home })).toBeInstanceOf(UsageError);
  });

  test('the key of a type that is known is asked for', async () => {
    const home = host.homeWith({ known_hosts: `${host.address} ${host.hostKeys.rsa}\n` });
    await using connected = await connect({ home });
    expect(connected.user).toBe('student');
  });

  test.each([
    ['another key', (key: string) => key, /NOT THE KNOWN ONE/],
    ['a revoked key', undefined, /revoked/],
  ])('%s is refused even when unknown ones are accepted', async (_, _key, message) => {
    const other = keyPair().public.trim();
    const known =
      _key === undefined
        ? `@revoked * ${host.hostKeys.ed25519}\n${host.address} ${host.hostKeys.ed25519}\n`
        : `${host.address} ${other}\n`;
    const failure = await failureOf({ home: host.homeWith({ known_hosts: known }), acceptHostKey: true });
    expect(failure).toBeInstanceOf(UsageError);
    expect(failure.message).toMatch(message);
  });
});

describe('signing in', () => {
  test('a key in the agent only', async () => {
    const { private: wrong } = keyPair();
    await using agent = await startAgent([wrong, host.privateKey]);
    const home = host.homeWith({ id_ed25519: wrong });
    await using connected = await connect({ home, env: { SSH_AUTH_SOCK: agent.socketPath } });
    expect((await connected.run({ argv: ['id', '-un'], timeoutMs: SOON_MS, maxOutput: 100 })).output).toBe('student\n');
  });

  test('IdentitiesOnly leaves an agent’s other keys out', async () => {
    const { private: wrong } = keyPair();
    await using agent = await startAgent([host.privateKey]);
    const home = host.homeWith({ id_ed25519: wrong, config: 'IdentitiesOnly yes\n' });
    const failure = await failureOf({ home, env: { SSH_AUTH_SOCK: agent.socketPath } });
    expect(failure.message).toMatch(/was not let in/);
    expect(failure.message).not.toMatch(/agent:/);
  });

  test('a wrong key is refused with what was tried', async () => {
    const pair = keyPair();
    const home = host.homeWith({ id_ed25519: pair.private });
    const failure = await failureOf({ home });
    expect(failure).toBeInstanceOf(UsageError);
    expect(failure.message).toMatch(/user student was not let in/);
    expect(failure.message).toContain(path.join(home, '.ssh/id_ed25519'));
    expect(failure.message).toContain(keyFingerprint(Buffer.from(pair.public.split(' ')[1] ?? '', 'base64')));
  });

  test.each([
    ['a key with a passphrase', () => keyPair('secret').private, /passphrase.*ssh-add/],
    ['a file that is no key', () => 'no key\n', /not a usable private key/],
  ])('%s is spoken of when nothing else is there', async (_, content, message) => {
    const failure = await failureOf({ home: host.homeWith({ id_ed25519: content() }) });
    expect(failure).toBeInstanceOf(UsageError);
    expect(failure.message).toMatch(message);
  });

  test('over a jump host, whose own key is checked, too', async () => {
    const config = `Host far\n  HostName 127.0.0.1\n  User student\n  ProxyJump outsider@${host.address}\n`;
    const known = `${host.address},127.0.0.1 ${host.hostKeys.ed25519}\n`;
    await using far = await connect({ url: 'ssh://far', home: host.homeWith({ config, known_hosts: known }) });
    expect(far.address).toBeUndefined();
    const answer = await far.run({
      argv: ['sh', '-c', 'echo $SSH_CONNECTION; id -un'],
      timeoutMs: SOON_MS,
      maxOutput: 100,
    });
    expect(answer.output).toMatch(/^127\.0\.0\.1 \d+ 127\.0\.0\.1 22\nstudent\n$/);

    const unknownJump = await failureOf({
      url: 'ssh://far',
      home: host.homeWith({ config, known_hosts: `127.0.0.1 ${host.hostKeys.ed25519}\n` }),
    });
    expect(unknownJump.message).toMatch(new RegExp(`^outsider@${host.address}: the host's key is not known`));

    const nobody = await failureOf({
      url: 'ssh://far:7',
      home: host.homeWith({ config, known_hosts: known }),
    });
    expect(nobody).toBeInstanceOf(InfrastructureError);
    expect(nobody.message).toMatch(/^ssh:\/\/far:7 cannot be reached over its jump host/);
  });

  test('a port on which nobody listens', async () => {
    const failure = await failureOf({ url: `ssh://student@${host.address}:7` });
    expect(failure).toBeInstanceOf(InfrastructureError);
    expect(failure.message).toMatch(/nothing listens on port 7/);
  });

  test('a name that nobody has', async () => {
    const failure = await failureOf({ url: 'ssh://student@nobody.invalid' });
    expect(failure).toBeInstanceOf(InfrastructureError);
    expect(failure.message).toMatch(/nobody\.invalid is not known/);
  });

  test('something that is no ssh server', async () => {
    const server = net.createServer((socket) => socket.resume().end('220 mail.example.test\r\n'));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as net.AddressInfo;
    const failure = await failureOf({ url: `ssh://student@127.0.0.1:${port}` });
    await new Promise((resolve) => server.close(resolve));
    expect(failure).toBeInstanceOf(InfrastructureError);
  });
});
