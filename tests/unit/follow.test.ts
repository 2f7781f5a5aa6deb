/** How many requests are made until it is known whether they take the way that they should. */
import { expect, test } from '@jest/globals';
import type { LabHost } from '../../helpers/machine/lab-host/lab-host.ts';
import type { ProbeQuestion } from '../../helpers/machine/probe/protocol.ts';
import { goesThrough } from '../../helpers/survey/chain-facts.ts';
import type { SandboxFacts } from '../../helpers/survey/facts.ts';
import type { Entrance } from '../../helpers/survey/requests.ts';
import { canFollow, follow, type Route } from '../../helpers/survey/witness/follow.ts';
import type { Captures, Witness } from '../../helpers/survey/witness/witness.ts';
import { container } from '../helpers/facts.ts';
import { captured, carried } from '../helpers/packets.ts';

const CACHED = { forMs: 1500, everyMs: 0 };
const at = (name: string, address: string) =>
  container({
    name,
    attachments: [{ network: 'net', networkId: 'net', aliases: [], gateway: '', addresses: [address] }],
  });
const [front, backend, helper] = [at('front', '10.0.0.1'), at('backend', '10.0.0.2'), at('helper', '10.0.0.3')];
const listening = { listeners: [{ address: '0.0.0.0', port: 80 }] } as unknown as SandboxFacts;
const route: Route = {
  way: [front, backend].map((each) => ({ role: each.name, players: [each], isMongo: false })),
  containers: [front, backend, helper],
  sandboxes: { front: listening, backend: listening, helper: listening },
};
const entrance = { front: 'front', path: '/', port: { address: '198.51.100.1', port: 80 } } as Entrance;

/** What becomes of a request: it goes the whole way, no further than to the front, or the backend is asked by another. */
type Fate = 'whole' | 'silent' | 'astray';

function seen(fate: Fate): Captures {
  const came = carried(1, false, ['198.51.100.9:5000', '10.0.0.1:80'], 'GET');
  const by = fate === 'astray' ? '10.0.0.3:4000' : '10.0.0.1:4000';
  const [asks, says] = [carried(2, false, [by, '10.0.0.2:80'], 'GET'), carried(3, true, ['10.0.0.2:80', by], 'HTTP')];
  return new Map([
    ['front', captured([came])],
    ['backend', captured(fate === 'silent' ? [] : [asks, says])],
    ['helper', captured([])],
  ]);
}

/** @param fateOf Of the so-manieth request. */
async function followed(fateOf: (rank: number) => Fate, status = 200, cached = CACHED) {
  let [reads, rank] = [0, 0];
  const read = () => Promise.resolve(reads++ % 2 === 0 ? seen('silent') : seen(fateOf(rank++)));
  const ask = (_: unknown, question: ProbeQuestion): Promise<unknown> =>
    Promise.resolve(question.ask === 'http' ? { outcome: 'answered', status, body: 'films', ms: 1 } : {});
  return follow({ ask } as unknown as LabHost, entrance, route, { read } as unknown as Witness, cached);
}

test('a few, if all go the whole way', async () => {
  const { chain, answers } = await followed(() => 'whole');
  expect(chain).toMatchObject({ way: ['front', 'backend'], count: 3, whole: 3 });
  expect(chain).not.toHaveProperty('astray');
  expect(answers).toHaveLength(3);
});

test('a few, if all go another way', async () => {
  const { chain } = await followed(() => 'astray');
  expect(chain).toMatchObject({ count: 3, whole: 0, astray: 3 });
});

test('until what a cache keeps is asked for again', async () => {
  const { chain } = await followed((rank) => (rank === 0 || rank === 8 ? 'whole' : 'silent'));
  expect(chain).toMatchObject({ count: 9, whole: 2 });
  expect(goesThrough(chain!)).toBe(true);
});

test('for some time, if none goes the whole way; the first and the last are kept', async () => {
  const { chain } = await followed(() => 'silent', 200, { forMs: 400, everyMs: 0 });
  expect(chain).toMatchObject({ whole: 0 });
  expect(chain!.count).toBeGreaterThan(3);
  expect(chain!.requests.length).toBeLessThanOrEqual(6);
  expect(goesThrough(chain!)).toBe(false);
});

test.each<[string, boolean, (rank: number) => Fate]>([
  [
    'the way is another one if something in the background looks right',
    false,
    (rank) => (rank % 3 === 0 ? 'whole' : 'astray'),
  ],
  [
    'the way is right if somebody else asks the backend now and then',
    true,
    (rank) => (rank % 3 === 0 ? 'astray' : 'whole'),
  ],
])('%s', async (_, passes, fateOf) => {
  const { chain } = await followed(fateOf);
  expect(chain).toMatchObject({ count: 12 });
  expect(chain!.requests.some(({ links }) => links[0]!.insteadFrom?.[0] === 'helper')).toBe(true);
  expect(goesThrough(chain!)).toBe(passes);
});

test('no more after one that fails', async () => {
  expect(await followed(() => 'whole', 502)).toEqual({ answers: [expect.objectContaining({ status: 502 })] });
});

test('nobody on the way may be in the machine’s own sandbox, or missing', () => {
  const [first, second] = route.way as [Route['way'][0], Route['way'][0]];
  const away = { ...second, players: [container({ name: 'backend', networkMode: 'host' })] };
  expect(
    [route.way, [first, away], [first, { ...second, players: [] }]].map((way) => canFollow({ ...route, way })),
  ).toEqual([true, false, false]);
});
