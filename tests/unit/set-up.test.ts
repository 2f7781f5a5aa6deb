/** The commands with which scripts set up a machine at home: what is there is there, and what is not is not pretended. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';

const SCRIPTS = path.resolve('images/lab-host/scripts');

let commands: string;
beforeAll(() => {
  commands = mkdtempSync(path.join(os.tmpdir(), 'netgrade-set-up-'));
  execFileSync('bash', [path.join(SCRIPTS, 'set-up.sh'), '--install', commands]);
  execFileSync('ln', ['-s', path.join(SCRIPTS, 'sudo.sh'), path.join(commands, 'sudo')]);
});
afterAll(() => {
  rmSync(commands, { recursive: true });
});

function bash(script: string): { status: number | null; stdout: string; stderr: string } {
  const env = { PATH: `${commands}:${process.env['PATH'] ?? ''}`, HOME: commands };
  return spawnSync('bash', ['-c', script], { encoding: 'utf8', env, input: '', timeout: 10_000 });
}

describe('has nothing left to do, and says so:', () => {
  test.each([
    'apt-get update',
    'sudo apt update -y',
    'apt-get install -y docker.io docker-compose-v2',
    'sudo DEBIAN_FRONTEND=noninteractive apt-get install -y -qq docker-ce docker-ce-cli containerd.io docker-compose-plugin',
    'apt-get -o Dpkg::Options::=--force-confold install ca-certificates gnupg',
    'yum install -y docker',
    'sudo dnf -y install docker-ce',
    'snap install docker',
    'sudo -E -u root systemctl start docker',
    'systemctl enable --now docker.service',
    'sudo systemctl daemon-reload',
    'systemctl stop nginx',
    'service docker start',
    'sudo service docker restart',
    'sudo usermod -aG docker "$USER"',
    'groupadd docker',
    'sudo gpasswd -a student docker',
    'sudo chmod 666 /var/run/docker.sock',
    'sudo ufw allow 8080/tcp',
  ])('%s', (command) => {
    const { status, stdout, stderr } = bash(`set -e; ${command}`);
    expect([status, stdout, stderr]).toEqual([0, '', expect.stringMatching(/^netgrade: `.*`: .*\n$/)]);
  });
});

test.each([
  [
    'apt-get install -y mongodb-org',
    100,
    /Unable to locate package mongodb-org[\s\S]*netgrade: mongodb-org is not on a lab host/,
  ],
  ['apt install -y docker.io cowsay-of-nobody', 100, /cowsay-of-nobody is not on a lab host/],
  ['snap install microk8s-of-nobody', 100, /is not on a lab host/],
  ['sudo systemctl start mongod', 5, /Unit mongod not found/],
  ['sudo systemctl restart nginx', 5, /Unit nginx not found/],
])('%s is no success', (command, code, says) => {
  const { status, stderr } = bash(command);
  expect([status, stderr]).toEqual([code, expect.stringMatching(says)]);
});

test.each([
  ['systemctl is-active docker', 'active\n'],
  ["sg docker -c 'echo in the group'", 'in the group\n'],
  ['newgrp docker << END\necho in the group\nEND', 'in the group\n'],
  ["su - student -c 'echo as somebody'", 'as somebody\n'],
  ["sudo -s <<< 'echo in a shell'", 'in a shell\n'],
  ['sudo -E -u root NAME=value env | grep NAME', 'NAME=value\n'],
])('%s prints what it would at home', (command, printed) => {
  const { status, stdout } = bash(command);
  expect([status, stdout]).toEqual([0, printed]);
});
