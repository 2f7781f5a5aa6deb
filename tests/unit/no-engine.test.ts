/** What is said where no engine answers, or one on which labs cannot be graded, and what comes next. */
import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { InfrastructureError, UsageError } from '../../helpers/base/failure.ts';
import type { EngineAddress } from '../../helpers/machine/lab-host/engine-address.ts';
import { refusalOf, refusalToShare } from '../../helpers/machine/lab-host/engine-kind.ts';
import { noEngine } from '../../helpers/machine/setup/no-engine.ts';
import { surroundings, type Surroundings, type View } from '../../helpers/machine/setup/surroundings.ts';

const OWN: EngineAddress = { url: 'unix:///var/run/docker.sock', socketPath: '/var/run/docker.sock' };
const CONTEXT: EngineAddress = {
  url: 'unix:///home/ann/.colima/docker.sock',
  socketPath: '/home/ann/.colima/docker.sock',
  namedBy: 'Docker\'s context "colima"',
  context: 'colima',
};
const FAR: EngineAddress = {
  url: 'tcp://lab.example:2376',
  socketPath: '/tmp/1.sock',
  machine: 'lab.example',
  namedBy: 'DOCKER_HOST',
};

/** A machine with these files. */
function machine(files: string[], view: Partial<View> = {}, release = 'ID=debian\nVERSION_ID="13"\n'): Surroundings {
  return surroundings({
    platform: 'linux',
    release: '6.12.0',
    env: { PATH: '/usr/bin' },
    home: '/home/ann',
    exists: (file) => files.includes(file),
    read: (file) => (file === '/etc/os-release' ? release : ''),
    ...view,
  });
}

function said(address: EngineAddress, code: string, around = machine([]), ...more: string[]): string {
  return noEngine(address, { code, message: more[0] ?? code }, around).message;
}

describe('permission denied', () => {
  const denied = (membership?: Parameters<typeof noEngine>[3]): string =>
    noEngine(OWN, { code: 'EACCES', message: '' }, machine([]), membership).message;

  test('says how to get into the group', () => {
    expect(denied({ user: 'ann', group: 'docker', isNew: false })).toMatch(
      /^permission denied on Docker's socket .*: ann is not in the group docker\. Run `sudo usermod -aG docker \$USER`, then `newgrp docker`/,
    );
  });

  test('says of a group that this session does not know yet that another session does', () => {
    const text = denied({ user: 'ann', group: 'docker', isNew: true });
    expect(text).toMatch(/ann is in the group docker, but was not yet when this session began\. Run `newgrp docker`/);
    expect(text).not.toContain('usermod');
  });

  test('says of a socket that has no group how it gets one', () => {
    expect(denied()).toMatch(/only root may use it\. .*sudo groupadd docker/);
  });
});

describe('Docker that is installed and not running is started', () => {
  test.each<[string, Surroundings, string]>([
    ['with systemd', machine(['/usr/bin/dockerd', '/run/systemd/system']), 'sudo systemctl start docker'],
    ['without it', machine(['/usr/sbin/dockerd', '/etc/init.d/docker']), 'sudo service docker start'],
    ['as a rootless one', machine(['/home/ann/.config/systemd/user/docker.service']), 'systemctl --user start docker'],
    ['as Docker Desktop for Linux', machine(['/opt/docker-desktop']), 'systemctl --user start docker-desktop'],
    ['as a snap', machine(['/snap/bin/docker']), 'sudo snap start docker'],
    ['on macOS', machine(['/Applications/Docker.app'], { platform: 'darwin' }), 'open -a Docker'],
    ['on macOS, in Colima', machine(['/usr/bin/colima'], { platform: 'darwin' }), 'colima start'],
  ])('%s', (_, around, command) => {
    expect(said(OWN, 'ECONNREFUSED', around)).toContain(`not running: it refuses connections at its socket`);
    expect(said(OWN, 'ENOENT', around)).toContain(`Start it with \`${command}\``);
  });
});

describe('Docker that is not installed is installed', () => {
  test.each<[string, Surroundings, string]>([
    ['Debian', machine([]), 'sudo apt install docker.io docker-cli docker-buildx docker-compose'],
    ['Debian 12', machine([], {}, 'ID=debian\nVERSION_ID="12"'), "Docker's own packages as on https://docs.docker.com"],
    ['Ubuntu', machine([], {}, 'ID=ubuntu'), 'sudo apt install docker.io docker-buildx docker-compose-v2'],
    [
      'a relative of Ubuntu',
      machine([], {}, 'ID=linuxmint\nID_LIKE="ubuntu debian"\nVERSION_ID="22"'),
      'docker-compose-v2',
    ],
    ['Fedora', machine([], {}, 'ID=fedora'), 'sudo dnf install moby-engine'],
    ['Arch', machine([], {}, 'ID=arch'), 'sudo pacman -S docker docker-buildx docker-compose'],
    ['another Linux', machine([], {}, 'ID=gentoo'), 'Docker Engine as on https://docs.docker.com/engine/install'],
    ['macOS', machine([], { platform: 'darwin' }), 'brew install --cask docker'],
    [
      'WSL',
      machine([], { release: '5.15.1-microsoft-standard-WSL2' }),
      'turn on Settings > Resources > WSL integration',
    ],
  ])('on %s', (_, around, command) => {
    expect(said(OWN, 'ENOENT', around)).toMatch(/^Docker is not installed here/);
    expect(said(OWN, 'ENOENT', around)).toContain(command);
  });

  test('and where only the command is there, that is said', () => {
    expect(said(OWN, 'ENOENT', machine(['/usr/bin/docker']))).toMatch(
      /^the docker command is here, but no Docker Engine/,
    );
  });
});

describe('an engine that the user has named', () => {
  test('by DOCKER_HOST: how to take that away', () => {
    const text = said({ ...OWN, namedBy: 'DOCKER_HOST' }, 'ENOENT', machine(['/usr/bin/dockerd']));
    expect(text).toMatch(/which DOCKER_HOST names: there is no socket .*unset DOCKER_HOST/);
  });

  test('by a context: how to start what has made it, or to choose another', () => {
    expect(said(CONTEXT, 'ECONNREFUSED')).toMatch(
      /Docker's context "colima" names: nothing answers .*\(`colima start`\).*docker context use NAME/,
    );
  });

  test.each<[string, typeof UsageError | typeof InfrastructureError]>([
    ['dial tcp: lookup lab.example: no such host', UsageError],
    ['dial tcp 192.0.2.1:2376: connect: connection refused', InfrastructureError],
  ])('on another machine, “%s” is said, and whether it may pass', (message, kind) => {
    const error = noEngine(FAR, { code: 'ECONNRESET', message }, machine([]));
    expect(error).toBeInstanceOf(kind);
    expect(error.message).toContain(`${message}. For this machine's own engine: \`unset DOCKER_HOST\``);
  });
});

test('an engine that answers nonsense, or nothing, is not the user’s mistake', () => {
  expect(noEngine(OWN, { code: 'ECONNRESET', message: 'no answer' }, machine([]))).toBeInstanceOf(InfrastructureError);
});

describe('what an engine says of itself', () => {
  const GOOD = { Version: '28.5.2+dfsg4', Os: 'linux', Arch: 'amd64' };

  test.each([GOOD, { ...GOOD, Arch: 'arm64' }, { ...GOOD, Version: '20.10.24' }, { ...GOOD, Version: 'dev' }])(
    'is no reason to refuse it: %j',
    (version) => {
      expect(refusalOf(version)).toBeUndefined();
    },
  );

  test.each<[object, RegExp]>([
    [{ Version: '19.03.15' }, /Docker Engine 19\.03\.15 is too old: netgrade needs 20\.10/],
    [{ Version: '5.4.1', Components: [{ Name: 'Podman Engine' }] }, /Podman/],
    [{ Os: 'windows' }, /Switch to Linux containers/],
    [{ Arch: 'riscv64' }, /is riscv64, and netgrade grades on amd64 and arm64/],
  ])('is a reason, and the next step is said: %j', (says, reason) => {
    expect(refusalOf({ ...GOOD, ...says })).toMatch(reason);
  });

  test('a rootless one cannot be shared', () => {
    expect(refusalToShare({ SecurityOptions: ['name=seccomp,profile=builtin', 'name=rootless'] })).toMatch(/rootless/);
    expect(refusalToShare({ SecurityOptions: null })).toBeUndefined();
  });
});

/** The whole way, in a process of its own: from the environment to the sentence. */
describe('asked of a socket', () => {
  const PROGRAM = `
    import { ensureEngine } from './helpers/machine/setup/engine.ts';
    import { build, needCompose } from './helpers/machine/setup/docker-plugins.ts';
    const work = { engine: ensureEngine, build: () => build([], 5000), compose: needCompose };
    try { await work[process.argv[1]](); console.log('fine'); } catch (error) { console.log(error.name, error.message); }
    process.exit();`;
  let folder: string;
  let server: http.Server | undefined;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'netgrade-sock-'));
  });
  afterEach(() => {
    server?.close();
    server = undefined;
    rmSync(folder, { recursive: true });
  });

  /** An engine that answers every request with this. */
  async function engine(status: number, body: string | object): Promise<string> {
    const socketPath = path.join(folder, 'docker.sock');
    server = http.createServer((_, response) => {
      response.writeHead(status, { 'Content-Type': 'application/json' });
      response.end(typeof body === 'string' ? body : JSON.stringify(body));
    });
    await new Promise<void>((resolve) => server?.listen(socketPath, resolve));
    return socketPath;
  }

  /** Puts a `docker` into a folder of its own, which is all of PATH. */
  function command(text: string): string {
    const file = path.join(folder, 'docker');
    writeFileSync(file, `#!/bin/sh\n${text}\n`);
    chmodSync(file, 0o755);
    return folder;
  }

  /** Not synchronously: the engine that it asks answers in this process. */
  function outcome(what: 'engine' | 'build' | 'compose', env: Record<string, string>): Promise<string> {
    const args = ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', PROGRAM, what];
    return new Promise((resolve) => {
      execFile(process.execPath, args, { env: { HOME: folder, ...env }, timeout: 60_000 }, (_, stdout, stderr) => {
        resolve(stdout + stderr);
      });
    });
  }

  const FINE = { Version: '28.5.2', ApiVersion: '1.51', Os: 'linux', Arch: 'amd64' };

  test.each<[string, number, object, RegExp]>([
    ['one that can be used', 200, FINE, /^fine/],
    ['one that is too old', 200, { ...FINE, Version: '18.09.1' }, /^UsageError .*too old/],
    ['one that is still starting', 503, { message: 'starting' }, /^InfrastructureError .*does not answer properly/],
  ])('%s', async (_, status, body, sentence) => {
    const socketPath = await engine(status, body);
    expect(await outcome('engine', { DOCKER_HOST: `unix://${socketPath}` })).toMatch(sentence);
  });

  test.each<[string, RegExp]>([
    ['/var/run/docker.sock', /^UsageError .*Was unix:\/\/\/var\/run\/docker\.sock meant\?/],
    ['unix://docker.sock', /^UsageError .*names no engine/],
    ['unix:///nowhere/docker.sock', /^UsageError no engine at .*there is no socket/],
    [`unix://${path.resolve('package.json')}`, /^UsageError no engine at .*there is no socket/],
  ])('that DOCKER_HOST=%s names', async (url, sentence) => {
    expect(await outcome('engine', { DOCKER_HOST: url })).toMatch(sentence);
  });

  test('a context that is not there is not silently another engine', async () => {
    const PATH = command('echo "context not found" >&2; exit 1');
    expect(await outcome('engine', { PATH, DOCKER_CONTEXT: 'nope' })).toMatch(
      /^UsageError DOCKER_CONTEXT names a context .*context not found/,
    );
  });

  test.each<['build' | 'compose', string, RegExp]>([
    ['build', 'exit 1', /^UsageError `docker buildx` does not work here: Buildx is missing/],
    ['build', 'echo github.com/docker/buildx v0.5.1 x', /^UsageError Buildx 0\.5 is too old: netgrade needs 0\.8/],
    ['compose', 'exit 1', /^UsageError `docker compose` does not work here: Compose is missing/],
    ['compose', 'echo docker-compose version 1.29.2', /^UsageError Compose 1\.29 is too old/],
    ['compose', 'echo Docker Compose version v2.40.3', /^fine/],
  ])('%s with the command `%s`', async (what, text, sentence) => {
    expect(await outcome(what, { PATH: command(text) })).toMatch(sentence);
  });

  test('without the docker command', async () => {
    expect(await outcome('compose', { PATH: folder })).toMatch(/^UsageError the docker command is not installed here/);
  });

  test('a registry that is away while an image is built is no mistake of the user’s', async () => {
    const away =
      'ERROR: failed to do request: Head "https://registry.example/v2/x": dial tcp: lookup registry.example: no such host';
    const PATH = command(`[ "$2" = version ] && echo v0.29.1 && exit; echo '${away}' >&2; exit 1`);
    expect(await outcome('build', { PATH })).toMatch(
      /^InfrastructureError something could not be downloaded: .*no such host/,
    );
  });

  test('images are made for the engine’s machine, and by its own builder', async () => {
    const PATH = command(
      '[ "$2" = version ] && echo v0.29.1 && exit; echo "$DOCKER_DEFAULT_PLATFORM:$*" > "$HOME/asked"',
    );
    await outcome('build', { PATH, DOCKER_DEFAULT_PLATFORM: 'linux/amd64', BUILDX_BUILDER: 'other' });
    expect(readFileSync(path.join(folder, 'asked'), 'utf8')).toMatch(/^:buildx --builder default build/);
  });
});
