/** What can be done on a machine over ssh, and what becomes of it when the connection goes: against a real sshd. */
import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { InfrastructureError, UsageError } from '../../helpers/base/failure.ts';
import { openTunnel } from '../../helpers/machine/lab-host/tunnel.ts';
import { checkDocker } from '../../helpers/machine/ssh/docker-access.ts';
import { SshMachine } from '../../helpers/machine/ssh/machine.ts';
import { until } from '../../helpers/base/wait.ts';
import { connectTo, failureToConnect, type ConnectOptions } from '../helpers/ssh-connect.ts';
import { bootSshHost, type SshHost } from '../helpers/ssh-host.ts';
import { contentsOf } from '../../helpers/submission/contents.ts';

const PREPARE_MS = 600_000;
const TEST_MS = 60_000;
const SOON_MS = 20_000;
const AT_ONCE_MS = 2_000;
jest.setTimeout(TEST_MS);
/** What a student's command gets. */
const ENV = { PATH: '/usr/local/bin:/usr/bin:/bin', HOME: '/home/student' };

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

function run(argv: string[], options: Partial<Parameters<SshMachine['run']>[0]> = {}): ReturnType<SshMachine['run']> {
  return machine.run({ argv, cwd: '/tmp', env: ENV, timeoutMs: SOON_MS, maxOutput: 10_000, ...options });
}

describe('commands', () => {
  test('a command gets the environment given and nothing else, and nothing of the login’s start-up files', async () => {
    const answer = await run(['env'], { env: { ...ENV, A: `it's "$B" ü` } });
    expect(answer).toMatchObject({ exitCode: 0, timedOut: false });
    expect(answer.output.trim().split('\n').sort()).toEqual([
      `A=it's "$B" ü`,
      'HOME=/home/student',
      'PATH=/usr/local/bin:/usr/bin:/bin',
    ]);
  });

  test('exit code, folder and both outputs', async () => {
    const answer = await run(['sh', '-c', 'pwd; echo problem >&2; exit 3'], { cwd: '/var/tmp' });
    expect([answer.exitCode, answer.output.split('\n').sort()]).toEqual([3, ['', '/var/tmp', 'problem']]);
  });

  test('a command that is ended by a signal has no exit code', async () => {
    expect(await run(['sh', '-c', 'kill -KILL $$'])).toMatchObject({ exitCode: null, timedOut: false });
  });

  test('what a command leaves in the background does not keep it from being over', async () => {
    const { output, ...answer } = await run(['sh', '-c', 'sleep 4741 & echo $!']);
    expect(answer).toMatchObject({ exitCode: 0, timedOut: false });
    await host.root(`kill ${output}`); // It is there.
  });

  test('the time limit ends the whole process group, whatever it does about signals', async () => {
    const answer = await run(['sh', '-c', 'trap "" TERM; (trap "" TERM; sleep 4742) & sleep 4742'], {
      timeoutMs: 1_000,
    });
    expect(answer).toMatchObject({ exitCode: null, timedOut: true });
    // Sooner than the machine's own time limit, which is only the net.
    const gone = await until(AT_ONCE_MS, async () =>
      (await host.root('pgrep -f "[s]leep 4742" || true')).trim() === '' ? true : undefined,
    );
    expect(gone).toBe(true);
  });

  test('output is cut in its middle', async () => {
    const { output } = await run(['sh', '-c', 'echo first; seq 1 300000; echo last'], { maxOutput: 200 });
    expect(output.length).toBeLessThan(300);
    expect(output).toMatch(/^first\n[^]*\n\[… \d+ characters …\]\n[^]*last\n$/);
  });

  test('a folder that is not there', async () => {
    await expect(run(['true'], { cwd: '/nowhere' })).rejects.toThrow(/could not be started in \/nowhere/);
  });

  test('a command as a stream: an engine’s API', async () => {
    const tunnel = await openTunnel(() => machine.dial(['docker', 'system', 'dial-stdio']));
    const docker = new Docker({ socketPath: tunnel.socketPath });
    expect(String(await docker.ping())).toBe('OK');
    await tunnel.close();
  });

  test('more streams at once than sshd runs on one connection', async () => {
    const streams = await Promise.all(Array.from({ length: 14 }, () => machine.dial(['cat'])));
    const answers = streams.map((stream, i) => {
      stream.end(`number ${i}`);
      return text(stream);
    });
    expect(await Promise.all(answers)).toEqual(streams.map((_, i) => `number ${i}`));
    const connections = await host.root('pgrep -fc "sshd: student@notty"');
    expect(Number(connections)).toBeGreaterThan(1);
  });

  test('a stream of a command that fails at once says why', async () => {
    const stream = await machine.dial(['sh', '-c', 'echo hint >&2; echo reason >&2; exit 1']);
    await expect(text(stream)).rejects.toThrow(/^reason$/);
  });

  test('a stream carries a lot, both ways', async () => {
    const stream = await machine.dial(['cat']);
    const sent = 'netgrade '.repeat(500_000);
    stream.end(sent);
    expect((await text(stream)) === sent).toBe(true);
  });
});

describe('sockets and files', () => {
  test('connections to a socket there arrive here, until it is disposed of', async () => {
    const folder = await machine.makeFolder();
    const socketPath = `${folder}/back.sock`;
    const program = `require('net').connect(${JSON.stringify(socketPath)}).on('error', (e) => { console.log(e.code); }).on('data', (d) => { process.stdout.write(d); }).end('hello')`;
    const listener = await machine.listenOn(socketPath, (stream: Duplex) => {
      void text(stream).then((received) => stream.end(`you said ${received}`));
    });
    expect((await run(['node', '-e', program])).output).toBe('you said hello');
    await expect(machine.listenOn(socketPath, () => undefined)).rejects.toThrow(/something is there already/);
    await listener[Symbol.asyncDispose]();
    expect((await run(['node', '-e', program])).output).toBe('ENOENT\n');
    await expect(machine.listenOn('/nowhere/back.sock', () => undefined)).rejects.toThrow(/may not write/);
    await machine.removeFolder(folder);
  });

  test('an uploaded folder is there as it was here, and goes again', async () => {
    const here = mkdtempSync(path.join(os.tmpdir(), 'netgrade-upload-'));
    mkdirSync(path.join(here, 'closed'), { mode: 0o777 });
    writeFileSync(path.join(here, 'closed/long name.txt'), 'ü'.repeat(60_000));
    writeFileSync(path.join(here, 'run.sh'), 'echo ran', { mode: 0o755 });
    symlinkSync('/etc/shadow', path.join(here, 'link'));
    const folder = await machine.makeFolder();
    await machine.upload(await contentsOf(here), `${folder}/handed-in`);
    rmSync(here, { recursive: true });
    expect((await run(['./run.sh'], { cwd: `${folder}/handed-in` })).exitCode).toBe(0);
    expect(await machine.readText(`${folder}/handed-in/closed/long name.txt`)).toBe('ü'.repeat(32_768));
    expect(await machine.readText(`${folder}/handed-in/link`)).toBeUndefined();
    expect(await machine.readText(`${folder}/handed-in/closed`)).toBeUndefined();
    expect(await machine.readText(`${folder}/nothing`)).toBeUndefined();
    expect((await run(['stat', '-c', '%a %U', folder])).output).toBe('700 student\n');
    await run(['chmod', '500', `${folder}/handed-in/closed`]);
    await machine.removeFolder(folder);
    expect((await run(['ls', folder])).exitCode).toBe(2);
  });

  test('only a folder that was made there is removed', async () => {
    await expect(machine.removeFolder('/home/student')).rejects.toThrow(/not a folder that was made here/);
    await expect(machine.removeFolder('/tmp/netgrade-x/../../home')).rejects.toThrow(/not a folder/);
  });
});

describe('Docker there', () => {
  test('somebody who may use it', async () => {
    const access = await checkDocker(machine);
    expect(access).toEqual({
      arch: expect.stringMatching(/^\w+$/),
      apiVersion: expect.stringMatching(/^\d+\.\d+$/),
      serverVersion: expect.stringMatching(/^\d+\.\d+\.\d+/),
    });
  });

  test('somebody who may not', async () => {
    await using outsider = await connect({ user: 'outsider' });
    const failure = await checkDocker(outsider).catch((error: unknown) => error as Error);
    expect(failure).toBeInstanceOf(UsageError);
    expect((failure as Error).message).toMatch(/user outsider is not in the group docker.*usermod -aG docker outsider/);
  });

  test('no docker command', async () => {
    await host.root('mv /usr/bin/docker /usr/bin/docker-away');
    const failure = await checkDocker(machine).catch((error: unknown) => error as Error);
    await host.root('mv /usr/bin/docker-away /usr/bin/docker');
    expect(failure).toBeInstanceOf(UsageError);
    expect((failure as Error).message).toMatch(/no docker command/);
  });

  test('an engine that does not run', async () => {
    // Stopping it would end the machine: to the client, an engine without a socket is the same.
    await host.root('mv /var/run/docker.sock /var/run/docker-away.sock');
    const failure = await checkDocker(machine).catch((error: unknown) => error as Error);
    await host.root('mv /var/run/docker-away.sock /var/run/docker.sock');
    expect(failure).toBeInstanceOf(UsageError);
    expect((failure as Error).message).toMatch(/engine is not running/);
  });
});

describe('machines in a bad way', () => {
  const known = (): string => `${host.address},127.0.0.1 ${host.hostKeys.ed25519}\n`;

  test('an sshd that forwards nothing and runs few commands at once', async () => {
    await host.root(
      '/usr/sbin/sshd -p 2022 -o AllowStreamLocalForwarding=no -o AllowTcpForwarding=no -o MaxSessions=2',
    );
    await using strict = await connect({
      url: `ssh://student@${host.address}:2022`,
      home: host.homeWith({ known_hosts: known() }),
    });
    const refusal = await strict.listenOn('/tmp/back.sock', () => undefined).catch((error: unknown) => error as Error);
    expect(refusal).toBeInstanceOf(UsageError);
    expect((refusal as Error).message).toMatch(/AllowStreamLocalForwarding.*DisableForwarding/);
    const streams = await Promise.all(Array.from({ length: 5 }, () => strict.dial(['cat'])));
    for (const stream of streams) stream.destroy();

    const config = `Host far\n  HostName 127.0.0.1\n  User student\n  ProxyJump student@${host.address}:2022\n`;
    const noWay = await failureOf({ url: 'ssh://far', home: host.homeWith({ config, known_hosts: known() }) });
    expect(noWay).toBeInstanceOf(UsageError);
    expect(noWay.message).toMatch(/AllowTcpForwarding/);
  });

  /** The processes of sshd that serve this user. */
  const sshdsOf = async (user: string): Promise<string> =>
    (await host.root(`pgrep -u ${user} -x sshd`)).trim().replaceAll('\n', ' ');

  test('a connection that is lost ends everything that waits for it', async () => {
    await using doomed = await connect({ user: 'outsider' });
    const stream = await doomed.dial(['cat']);
    const waiting = [
      doomed.run({ argv: ['sleep', '30'], timeoutMs: TEST_MS, maxOutput: 100 }),
      text(stream),
      doomed.lost.then((end) => Promise.reject(end)),
    ].map((each) => each.catch((error: unknown) => error));
    await host.root(`kill -KILL ${await sshdsOf('outsider')}`);
    for (const failure of await Promise.all(waiting)) expect(failure).toBeInstanceOf(InfrastructureError);
    const next = doomed.run({ argv: ['true'], timeoutMs: SOON_MS, maxOutput: 100 });
    await expect(next).rejects.toThrow(InfrastructureError);
  });

  test('so does a jump host that is lost', async () => {
    const config = `Host far\n  HostName 127.0.0.1\n  User student\n  ProxyJump outsider@${host.address}\n`;
    await using far = await connect({ url: 'ssh://far', home: host.homeWith({ config, known_hosts: known() }) });
    await host.root(`kill -KILL ${await sshdsOf('outsider')}`);
    expect(await far.lost).toBeInstanceOf(InfrastructureError);
  });

  test('a machine that falls silent is noticed', async () => {
    await using silent = await connect({ user: 'outsider' });
    const pids = await sshdsOf('outsider');
    await host.root(`kill -STOP ${pids}`);
    const running = silent.run({ argv: ['true'], timeoutMs: TEST_MS, maxOutput: 100 });
    await expect(running).rejects.toThrow(/does not answer any more/);
    expect(await silent.lost).toBeInstanceOf(InfrastructureError);
    await host.root(`kill -KILL ${pids}`);
  });

  test('closing is not losing, and ends what still waits', async () => {
    const closing = await connect();
    let lost = false;
    void closing.lost.then(() => (lost = true));
    const running = closing.run({ argv: ['sleep', '5'], timeoutMs: TEST_MS, maxOutput: 100 });
    const failure = running.catch((error: unknown) => error);
    await closing[Symbol.asyncDispose]();
    expect(await failure).toBeInstanceOf(InfrastructureError);
    expect(lost).toBe(false);
  });
});
