/** A helper that may not use the engine's socket does not keep the rest of its project from being brought up. */
import { describe, expect, test } from '@jest/globals';
import { servicesWithSocket, upWithoutSocket } from '../../helpers/deploy/without-socket.ts';
import type { Command, LabHost } from '../../helpers/machine/lab-host/lab-host.ts';
import { create, decideOn } from '../helpers/policy.ts';

const bind = (source: string): object => ({ volumes: [{ type: 'bind', source, target: '/x' }] });
const CONFIG = JSON.stringify({
  services: {
    web: bind('/home/student/lab/site'),
    db: { volumes: [{ type: 'volume', source: 'data', target: '/data' }] },
    portainer: bind('/var/run/docker.sock'),
    traefik: bind('/run'),
  },
});
const REFUSED = decideOn(create({ Binds: ['/var/run/docker.sock:/var/run/docker.sock'] })).denied;
const FAILED = { exitCode: 1, timedOut: false, output: 'refused\n', ms: 1000 };
const STACK = { cwd: '/lab', compose: ['docker', 'compose'], timeoutMs: 60_000, maxOutput: 100 };

function hostWhich(denied: object[], ran: Command[] = []): LabHost {
  const run = (command: Command): Promise<object> => {
    ran.push(command);
    const output = command.argv.includes('config') ? CONFIG : 'Started\n';
    return Promise.resolve({ exitCode: 0, timedOut: false, output, ms: 500 });
  };
  return { environment: {}, run, policy: { facts: () => Promise.resolve({ denied }) } } as unknown as LabHost;
}

test('services that mount the socket, or a folder that it is in', () => {
  expect(servicesWithSocket(CONFIG)).toEqual(['portainer', 'traefik']);
});

describe('when the socket was refused', () => {
  test('the project is brought up without them, and it is said', async () => {
    const ran: Command[] = [];
    const { exitCode, output, ms } = await upWithoutSocket(hostWhich([REFUSED!], ran), STACK, FAILED);
    expect(ran.at(-1)?.argv.join(' ')).toBe('docker compose up --detach --scale portainer=0 --scale traefik=0');
    expect([exitCode, ms]).toEqual([0, 1500]);
    expect(output).toMatch(/^refused\nnetgrade: brought up once more without portainer, traefik, .*\nStarted\n$/);
  });
});

test.each<[string, object[], number]>([
  ['it came up all the same', [REFUSED!], 0],
  ['something else was refused', [{ what: 'a privileged container or command' }], 1],
])('nothing is done when %s', async (_, denied, exitCode) => {
  const ran: Command[] = [];
  expect(await upWithoutSocket(hostWhich(denied, ran), STACK, { ...FAILED, exitCode })).toEqual({
    ...FAILED,
    exitCode,
  });
  expect(ran).toEqual([]);
});
