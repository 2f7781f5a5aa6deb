/** Connections in flight, and what may be experimented with meanwhile. */
import { expect, test } from '@jest/globals';
import type { LabHost } from '../../helpers/lab-host/lab-host.ts';
import type { Question } from '../../helpers/probe/protocol.ts';
import type { SandboxFacts } from '../../helpers/survey/facts.ts';
import { BackendsAway } from '../../helpers/survey/backend-away.ts';
import { tryConnections, type Tries } from '../../helpers/survey/reach.ts';
import { container } from '../helpers/facts.ts';

const attached = (name: string, address: string) =>
  container({
    name,
    attachments: [{ network: 'net', networkId: 'n', aliases: [], gateway: '', addresses: [address] }],
  });
const front = attached('front', '10.0.0.1');
const app = attached('app', '10.0.0.2');
const database = attached('database', '10.0.0.3');
/** Shares the sandbox of the database. */
const sidecar = container({ name: 'sidecar', sandboxOf: 'database' });
const everybody = [front, app, database, sidecar];
const sandbox = { listeners: [{ address: '0.0.0.0', port: 80, socket: 1 }] } as unknown as SandboxFacts;

/** Connections to the database are neither answered nor given up before `giveUp`; all others open at once. */
async function startTries(): Promise<{ tries: Tries; giveUp: () => void }> {
  let giveUp = (): void => undefined;
  const late = new Promise<void>((resolve) => {
    giveUp = resolve;
  });
  const ask = async (_place: unknown, question: Question): Promise<unknown> => {
    if (question.ask === 'addresses') return { addresses: [] };
    if (question.ask !== 'connect') throw new Error(`nobody should ask for ${question.ask}`);
    if (question.address !== '10.0.0.3') return { outcome: 'open', ms: 1 };
    await late;
    return { outcome: 'no-answer', ms: 1200 };
  };
  const host = { ask, outside: { canaryPort: 9 } } as unknown as LabHost;
  const sandboxes = Object.fromEntries(everybody.map(({ name }) => [name, sandbox]));
  return { tries: await tryConnections(host, [front], everybody, sandboxes), giveUp };
}

test('a container is awaited as long as somebody waits for a connection to it or to its sandbox', async () => {
  const { tries, giveUp } = await startTries();
  await new Promise(setImmediate); // what is answered at once has been answered
  expect(everybody.filter((each) => tries.awaited(each)).map(({ name }) => name)).toEqual(['database', 'sidecar']);
  giveUp();
  await tries.ended;
  expect(everybody.filter((each) => tries.awaited(each))).toEqual([]);
});

test('what opened is tried once more, when all have ended', async () => {
  const { tries, giveUp } = await startTries();
  giveUp();
  const facts = await tries.again();
  expect(facts.map(({ to, outcome, again }) => [to, outcome, again])).toEqual([
    ['app', 'open', 'open'],
    ['database', 'no-answer', undefined],
  ]);
});

test('where an answer is to be expected, a busy machine gets time for it, and then it is a control like any other', async () => {
  let asked = 0;
  const ask = (_place: unknown, question: Question): Promise<unknown> => {
    if (question.ask !== 'connect') return Promise.resolve({ addresses: [] });
    const inTime = asked++ > 0;
    return Promise.resolve({ outcome: inTime ? 'open' : 'no-answer', ms: 1 });
  };
  const host = { ask, outside: { canaryPort: 9 } } as unknown as LabHost;
  const tries = await tryConnections(host, [front], [front, app], { app: sandbox });
  expect(await tries.again()).toMatchObject([{ to: 'app', outcome: 'open', again: 'open' }]);
});

test('experiments are made once each, when their time has come, and told in the order of the plan', async () => {
  const asked: string[] = [];
  const host = {
    ask: () => Promise.resolve({ outcome: 'refused', ms: 1 }),
    docker: {},
  } as unknown as LabHost;
  const entrance = { front: 'front', path: '/', port: { container: 'front', address: '192.0.2.1', port: 80 } };
  const dependences = [database, app].map((backend) => ({ entrance, backend }));
  const away = new BackendsAway(host, dependences as ConstructorParameters<typeof BackendsAway>[1]);
  const noting =
    (...names: string[]) =>
    ({ name }: { name: string }): boolean => {
      asked.push(name);
      return names.includes(name);
    };
  await away.make(noting('app'));
  await away.make(noting('app', 'database'));
  expect(asked).toEqual(['database', 'app', 'database']);
  expect(away.facts.map(({ backend }) => backend)).toEqual(['database', 'app']);
});
