/** Connections that are tried: who gets how much time. */
import { expect, test } from '@jest/globals';
import type { LabHost } from '../../helpers/machine/lab-host/lab-host.ts';
import type { ProbeQuestion } from '../../helpers/machine/probe/protocol.ts';
import type { ReachFacts, SandboxFacts } from '../../helpers/survey/facts.ts';
import { surveyReach } from '../../helpers/survey/reach.ts';
import type { Stage } from '../../helpers/survey/witness/under-witness.ts';
import { container } from '../helpers/facts.ts';

const attached = (name: string, network: string, address: string) =>
  container({
    name,
    attachments: [{ network, networkId: network, aliases: [], gateway: '', addresses: [address] }],
  });
const front = attached('front', 'net', '10.0.0.1');
const app = attached('app', 'net', '10.0.0.2');
const database = attached('database', 'other-net', '10.0.1.3');
const sandbox = { listeners: [{ address: '0.0.0.0', port: 80, socket: 1 }] } as unknown as SandboxFacts;
const sandboxes = { app: sandbox, database: sandbox };

/**
 * @param opens Whether the connection to this address opens, asked for the so-manieth time.
 * @param disturbed See surveyReach.
 */
function surveyFrom(
  opens: (address: string, time: number) => boolean,
  disturbed?: Promise<Set<string>>,
): Promise<ReachFacts[]> {
  const times = new Map<string, number>();
  const ask = (_place: unknown, question: ProbeQuestion): Promise<unknown> => {
    if (question.ask === 'witness') return Promise.resolve({}); // this machine lets nobody listen
    if (question.ask !== 'connect') return Promise.resolve({ addresses: [] });
    const time = (times.get(question.address) ?? 0) + 1;
    times.set(question.address, time);
    return Promise.resolve({ outcome: opens(question.address, time) ? 'open' : 'no-answer', ms: 1 });
  };
  const host = { ask, outside: { canaryPort: 9 }, engine: { host: 'local' } } as unknown as LabHost;
  const stage = { networks: [], sandboxes } as unknown as Stage;
  return surveyReach(host, { sources: [front], containers: [front, app, database] }, stage, disturbed);
}

const outcomesOf = (facts: ReachFacts[]) => facts.map(({ to, outcome, again }) => [to, outcome, again]);

test('what opened is tried once more, when all have ended', async () => {
  const facts = await surveyFrom((address) => address === '10.0.0.2');
  expect(outcomesOf(facts)).toEqual([
    ['app', 'open', 'open'],
    ['database', 'no-answer', undefined],
  ]);
});

test('on a shared network, a busy machine gets time to answer, and the answer is a control like any other', async () => {
  const facts = await surveyFrom((_address, time) => time > 1);
  expect(outcomesOf(facts)).toEqual([
    ['app', 'open', 'open'],
    ['database', 'no-answer', undefined],
  ]);
});

test('what a container did not answer while it had no room for a connection is asked again, when it is at rest', async () => {
  const disturbed = Promise.resolve(new Set(['database']));
  const facts = await surveyFrom((address, time) => address === '10.0.0.2' || time > 1, disturbed);
  expect(outcomesOf(facts)).toEqual([
    ['app', 'open', 'open'],
    ['database', 'open', 'open'],
  ]);
});

test('what did not answer though it had room is not asked again', async () => {
  const facts = await surveyFrom(
    (address, time) => address === '10.0.0.2' || time > 1,
    Promise.resolve(new Set(['app'])),
  );
  expect(outcomesOf(facts)).toEqual([
    ['app', 'open', 'open'],
    ['database', 'no-answer', undefined],
  ]);
});
