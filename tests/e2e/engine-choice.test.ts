/** On whose engine fresh machines are started: on the one that the user means, or on none. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net, { type AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { grade, workspace, type Workspace } from '../helpers/grade.ts';

const GRADING_MS = 120_000;
const SOCKET = '/var/run/docker.sock';

let place: Workspace;
let home: string;
/** A port of this machine that leads to its engine, as if it were another's. */
let port: net.Server;
let url: string;
beforeEach(async () => {
  place = workspace();
  home = mkdtempSync(path.join(os.tmpdir(), 'netgrade-test-home-'));
  port = net.createServer({ allowHalfOpen: true }, (socket) => {
    const engine = net.connect({ path: SOCKET, allowHalfOpen: true });
    socket.on('error', () => engine.destroy());
    engine.on('error', () => socket.destroy());
    socket.pipe(engine).pipe(socket);
  });
  await new Promise<void>((resolve) => port.listen(0, '127.0.0.1', resolve));
  url = `tcp://127.0.0.1:${(port.address() as AddressInfo).port}`;
});
afterEach(() => {
  port.close();
  rmSync(home, { recursive: true, force: true });
  place[Symbol.dispose]();
});

function gradeAs(env: Record<string, string>): ReturnType<typeof grade> {
  const args = ['example-good', '--lab', 'none-network', '--out', place.out, '--verbose'];
  return grade(args, { HOME: home, ...env });
}

test(
  'a DOCKER_HOST that names no engine is refused, although another engine would answer',
  async () => {
    const { exitCode, stderr, stdout } = await gradeAs({ DOCKER_HOST: 'unix:///nowhere/docker.sock' });
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /no engine at unix:\/\/\/nowhere\/docker\.sock, which DOCKER_HOST names: .*unset DOCKER_HOST/,
    );
    expect(stdout).not.toContain('100/100');
  },
  GRADING_MS,
);

test(
  'an engine that only testcontainers was told of is not used',
  async () => {
    writeFileSync(path.join(home, '.testcontainers.properties'), `tc.host=${url}\n`);
    const { exitCode, stderr } = await gradeAs({});
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/testcontainers does not use the engine at unix:.*remove tc\.host/);
  },
  GRADING_MS,
);

test(
  'a context that is not a unix socket is used, by testcontainers, too',
  async () => {
    const env = { ...process.env, HOME: home };
    execFileSync('docker', ['context', 'create', 'far', '--docker', `host=${url}`], { env });
    const { exitCode, stderr, stdout } = await gradeAs({ DOCKER_CONTEXT: 'far' });
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('100/100')]);
    expect(stderr).toContain(`testcontainers uses ${url}`);
  },
  GRADING_MS,
);
