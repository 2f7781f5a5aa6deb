/** What is seen of an application whose backend is paused. */
import { expect, test } from '@jest/globals';
import type { LabHost } from '../../helpers/machine/lab-host/lab-host.ts';
import type { ProbeQuestion } from '../../helpers/machine/probe/protocol.ts';
import type { SandboxFacts } from '../../helpers/survey/facts.ts';
import type { Sample } from '../../helpers/survey/experiment-facts.ts';
import type { Entrance } from '../../helpers/survey/requests.ts';
import { whileAway } from '../../helpers/survey/while-away.ts';
import type { Route } from '../../helpers/survey/witness/follow.ts';
import type { Witness } from '../../helpers/survey/witness/witness.ts';
import { container } from '../helpers/facts.ts';
import { captured, carried } from '../helpers/packets.ts';

const at = (name: string, address: string, sandboxOf = name) =>
  container({
    ...{ name, sandboxOf },
    attachments: [{ network: 'net', networkId: 'net', aliases: [], gateway: '', addresses: [address] }],
  });
const [front, backend] = [at('front', '10.0.0.1'), at('backend', '10.0.0.2')];
const listening = { listeners: [{ address: '0.0.0.0', port: 80 }] } as unknown as SandboxFacts;
const entrance = { front: 'front', path: '/', port: { address: '198.51.100.1', port: 80 } } as Entrance;
const QUESTION = carried(2, false, ['10.0.0.1:4000', '10.0.0.2:80'], 'GET');
const NEVER = { outcome: 'no-answer', ms: 1 };
const page = (body: string) => ({ outcome: 'answered', status: 200, body, ms: 1 });

interface Application {
  /** Its answer to the so-manieth group of requests, and whether it asks the backend for it. */
  answers: (group: number) => { body?: string; asks: boolean };
  /** What it answers when its connections are ended; absent if it goes on waiting. */
  whenEnded?: string;
  canEnd?: boolean;
  shared?: boolean;
}

async function seenOf({ answers, whenEnded, canEnd = true, shared = false }: Application) {
  let [asked, reads, ends] = [0, 0, 0];
  let onEnd = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    onEnd = resolve;
  });
  const ask = async (_: unknown, question: ProbeQuestion): Promise<unknown> => {
    if (question.ask === 'end connections') {
      ends++;
      onEnd();
      return canEnd ? { ended: 1 } : {};
    }
    const { body } = answers(Math.floor(asked++ / 3));
    if (body !== undefined) return page(body);
    if (whenEnded === undefined) return new Promise((resolve) => setTimeout(resolve, 900, NEVER));
    await ended;
    return page(whenEnded);
  };
  const read = () => {
    const { asks } = answers(reads++ - 1); // the first is before all requests
    return Promise.resolve(new Map([['backend', captured(asks && reads > 1 ? [QUESTION] : [])]]));
  };
  const players = shared ? [{ ...front, sandboxOf: 'backend' }] : [front];
  const route: Route = {
    way: [
      { role: 'front', players, isMongo: false },
      { role: 'backend', players: [backend], isMongo: false },
    ],
    ...{ containers: [...players, backend], sandboxes: { front: listening, backend: listening } },
  };
  const host = { ask, docker: {} } as unknown as LabHost;
  const seen = await whileAway(
    host,
    { entrance, backend: [backend], route },
    {
      ...{ before: [page('films')] as Sample[], portsOf: () => [80], cached: { forMs: 5000, everyMs: 0 } },
      witness: { read } as unknown as Witness,
    },
  );
  return { ...seen, bodies: [...new Set(seen.away.map(({ body }) => body))], ends };
}

test('an answer at once, of whatever kind, is taken', async () => {
  const seen = await seenOf({ answers: () => ({ body: 'no database', asks: true }) });
  expect(seen).toMatchObject({ bodies: ['no database'], ends: 0 });
  expect(seen).not.toHaveProperty('ended');
});

test('who waits for the backend is told that it is away, and what is answered then counts', async () => {
  const seen = await seenOf({ answers: () => ({ asks: true }), whenEnded: 'canned' });
  expect(seen).toMatchObject({ bodies: ['canned'], ended: 1 });
});

test('who tries again is told so again, and then it is a silence', async () => {
  const seen = await seenOf({ answers: () => ({ asks: true }) });
  expect(seen).toMatchObject({ bodies: [undefined], ended: 7, away: [{ outcome: 'no-answer' }, {}, {}] });
});

test('an answer for which the backend was not asked may come from a cache: the next one that it is asked for counts', async () => {
  const seen = await seenOf({
    answers: (group) => (group < 2 ? { body: 'kept', asks: false } : { body: 'no database', asks: true }),
  });
  expect(seen.bodies).toEqual(['no database']);
});

test('a kernel that cannot end connections is said to be so', async () => {
  expect(await seenOf({ answers: () => ({ asks: true }), canEnd: false })).toMatchObject({ cannotEnd: true });
});

test('nobody’s connections are ended in a sandbox that is shared', async () => {
  const seen = await seenOf({ answers: () => ({ asks: true }), shared: true });
  expect(seen).toMatchObject({ bodies: [undefined], ends: 0 });
});
