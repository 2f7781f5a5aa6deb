/** A backend that is paused: whether what others try meanwhile can be believed. */
import { expect, test } from '@jest/globals';
import type { LabHost } from '../../helpers/machine/lab-host/lab-host.ts';
import type { ProbeQuestion } from '../../helpers/machine/probe/protocol.ts';
import { backendAway, type Away } from '../../helpers/survey/backend-away.ts';
import type { Entrance } from '../../helpers/survey/requests.ts';
import { container } from '../helpers/facts.ts';

const PORTS = [27017, 27018];
const backend = container({
  name: 'database',
  attachments: [{ network: 'net', networkId: 'net', aliases: [], gateway: '', addresses: ['10.0.0.3'] }],
});
const entrance = {
  front: 'front',
  path: '/',
  port: { container: 'front', address: '198.51.100.1', port: 80 },
} as Entrance;

/** @param room Whether a port answers while the backend is paused. */
async function pausedWith(
  room: (port: number) => 'open' | 'refused' | 'no-answer',
  { isSuspicion = false, depends = true } = {},
): Promise<Away> {
  let paused = false;
  const set = (to: boolean) => (): Promise<void> => {
    paused = to;
    return Promise.resolve();
  };
  const ask = (_place: unknown, question: ProbeQuestion): Promise<unknown> => {
    if (question.ask === 'connect') return Promise.resolve({ outcome: paused ? room(question.port) : 'open', ms: 1 });
    const answer = { outcome: 'answered', status: 200, body: 'hello from the database', ms: 1 };
    return Promise.resolve(paused && depends ? { outcome: 'no-answer', ms: 1000 } : answer);
  };
  const docker = { getContainer: () => ({ pause: set(true), unpause: set(false) }) };
  return backendAway({ ask, docker } as unknown as LabHost, { entrance, backend: [backend], isSuspicion }, () => PORTS);
}

test('can, when each of its ports took one more connection at the end', async () => {
  expect(await pausedWith(() => 'open')).toMatchObject({ hadRoom: true, tries: 1 });
});

test('can, when a port refuses: then the packet arrived', async () => {
  expect(await pausedWith(() => 'refused')).toMatchObject({ hadRoom: true });
});

test('cannot, when one of its ports did not answer', async () => {
  expect(await pausedWith((port) => (port === 27018 ? 'no-answer' : 'open'))).toMatchObject({ hadRoom: false });
});

test.each([
  { isSuspicion: false, depends: true, tries: 1 },
  { isSuspicion: false, depends: false, tries: 2 },
  { isSuspicion: true, depends: true, tries: 2 },
  { isSuspicion: true, depends: false, tries: 1 },
])('what costs points is seen twice: $isSuspicion, $depends', async ({ tries, ...each }) => {
  expect(await pausedWith(() => 'open', each)).toMatchObject({ tries });
});
