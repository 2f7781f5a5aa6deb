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

const at = (name: string, address: string) =>
  container({
    name,
    attachments: [{ network: 'net', networkId: 'net', aliases: [], gateway: '', addresses: [address] }],
  });
const [front, backend] = [at('front', '10.0.0.1'), at('backend', '10.0.0.2')];
const listening = { listeners: [{ address: '0.0.0.0', port: 80 }] } as unknown as SandboxFacts;
const entrance = { front: 'front', path: '/', port: { address: '198.51.100.1', port: 80 } } as Entrance;
const QUESTION = carried(2, false, ['10.0.0.1:4000', '10.0.0.2:80'], 'GET');
const NEVER = { outcome: 'no-answer', ms: 1 };
const page = (body: string, status = 200) => ({ outcome: 'answered', status, body, ms: 1 });

interface Application {
  /** Its answer to the so-manieth group of requests, and whether it asks the backend for it. */
  answers: (group: number) => { body?: string; status?: number; asks: boolean };
  /** What it answers when its connections are ended; absent if it goes on waiting. */
  whenEnded?: string;
  /** Whether the lab host lets somebody answer in the backend's place. */
  deputies?: boolean;
  /** Whether the backend speaks MongoDB's protocol. */
  isMongo?: boolean;
  room?: boolean;
}

async function seenOf({ answers, whenEnded, deputies = true, isMongo = false, room = true }: Application) {
  let [asked, reads, last] = [0, 0, 0];
  const doing: string[] = [];
  let onEnd = (): void => undefined;
  const ended = new Promise<void>((resolve) => {
    onEnd = resolve;
  });
  const ask = async (_: unknown, question: ProbeQuestion): Promise<unknown> => {
    if (question.ask === 'answer for') {
      doing.push(question.greeting === undefined ? 'hangs up' : 'refuses');
      if (deputies) onEnd();
      return deputies ? { deputy: ++last } : {};
    }
    if (question.ask === 'stop answering') {
      doing.push(`stops ${question.deputy}`);
      return {};
    }
    const { body, status } = answers(Math.floor(asked++ / 3));
    if (body !== undefined) return page(body, status);
    if (whenEnded === undefined) return new Promise((resolve) => setTimeout(resolve, 900, NEVER));
    await ended;
    return page(whenEnded);
  };
  const read = () => {
    const { asks } = answers(reads++ - 1); // the first is before all requests
    return Promise.resolve(new Map([['backend', captured(asks && reads > 1 ? [QUESTION] : [])]]));
  };
  const route: Route = {
    way: [
      { role: 'front', players: [front], isMongo: false },
      { role: 'backend', players: [backend], isMongo: false },
    ],
    ...{ containers: [front, backend], sandboxes: { front: listening, backend: listening } },
  };
  const host = { ask, docker: {} } as unknown as LabHost;
  const seen = await whileAway(
    host,
    { entrance, backend: [backend], route },
    {
      ...{ before: [page('films')] as Sample[], portsOf: () => [80], cached: { forMs: 5000, everyMs: 0 } },
      hasRoom: () => Promise.resolve(room),
      witness: { read } as unknown as Witness,
      ...(isMongo && { greetings: new Map([[backend, 'greeting']]) }),
    },
  );
  return { ...seen, bodies: seen.away.map(({ body }) => body), doing };
}

const three = <T>(each: T): T[] => [each, each, each];

test('an answer at once, of whatever kind, is taken', async () => {
  const seen = await seenOf({ answers: () => ({ body: 'no database', asks: true }) });
  expect(seen).toMatchObject({ bodies: three('no database'), doing: [] });
  expect(seen).not.toHaveProperty('told');
});

test('who waits for the backend is told that it is away, and what is answered then counts', async () => {
  const seen = await seenOf({ answers: () => ({ asks: true }), whenEnded: 'canned' });
  expect(seen).toMatchObject({ bodies: three('canned'), told: 'ended', doing: ['hangs up', 'stops 1'] });
});

test('who waits all the same is silent', async () => {
  const seen = await seenOf({ answers: () => ({ asks: true }) });
  expect(seen).toMatchObject({ away: three({ outcome: 'no-answer' }), doing: ['hangs up', 'stops 1'] });
});

test('an answer for which the backend was not asked may come from a cache: the next one that it is asked for counts', async () => {
  const seen = await seenOf({
    answers: (group) => (group < 2 ? { body: 'kept', asks: false } : { body: 'no database', asks: true }),
  });
  expect(seen.bodies).toEqual(three('no database'));
});

test('a lab host that lets nobody answer in its place is said to be so', async () => {
  const seen = await seenOf({ answers: () => ({ asks: true }), deputies: false });
  expect(seen).toMatchObject({ cannotEnd: true });
  expect(seen).not.toHaveProperty('told');
});

test('that there was no room before somebody emptied the queue is not forgotten', async () => {
  expect(await seenOf({ answers: () => ({ asks: true }), room: false })).toMatchObject({ hadRoom: false });
});

test('a database refuses at once what it is asked, and what the application makes of that counts', async () => {
  const seen = await seenOf({ isMongo: true, answers: () => ({ body: 'no database', asks: true }) });
  expect(seen).toMatchObject({ bodies: three('no database'), told: 'refused', doing: ['refuses', 'stops 1'] });
});

test('an error that nobody has handled may be none if no database is found: that is tried twice', async () => {
  const broken = { body: 'error', status: 500, asks: true };
  const seen = await seenOf({
    isMongo: true,
    answers: (group) => (group < 2 ? broken : { body: 'canned', asks: false }),
  });
  expect(seen).toMatchObject({
    ...{ bodies: [...three('canned'), ...three('error')], told: 'ended' },
    doing: ['refuses', 'stops 1', 'hangs up', 'stops 2'],
  });
  const always = await seenOf({ isMongo: true, answers: () => broken });
  expect(always.bodies).toEqual([...three('error'), ...three('error')]);
});

test('a database for which nobody may answer is waited for, as others are', async () => {
  const seen = await seenOf({ isMongo: true, deputies: false, answers: () => ({ asks: true }) });
  expect(seen).toMatchObject({
    away: three({ outcome: 'no-answer' }),
    cannotEnd: true,
    doing: ['refuses', 'hangs up'],
  });
});
