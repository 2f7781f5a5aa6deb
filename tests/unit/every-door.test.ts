/** Which door of a front is tried, and what is told of the others. */
import { expect, test } from '@jest/globals';
import type { LabHost } from '../../helpers/machine/lab-host/lab-host.ts';
import type { HttpGet, ProbeQuestion } from '../../helpers/machine/probe/protocol.ts';
import { knownFirst, tryEveryDoor, type Tried } from '../../helpers/survey/every-door.ts';
import { Pace } from '../../helpers/survey/pace.ts';
import type { Entrance } from '../../helpers/survey/requests.ts';
import { container } from '../helpers/facts.ts';

/** How a door answers: always, only while the backend is there, with an error, or not more than so often. */
type Door = 'welcome' | 'application' | 'broken' | 'limited';

const backend = container({ name: 'database' });
const pace = (): Pace => new Pace(true, [0, 10, 20]);
const entrance = (port: number, at = pace()): Entrance =>
  ({ front: 'front', path: '/', port: { address: '192.0.2.1', port }, pace: at }) as unknown as Entrance;

/** Tries doors on the ports 1, 2, 3 … in this order. */
async function tried(doors: Door[]): Promise<Tried & { asked: number[] }> {
  let [paused, last] = [false, -Infinity];
  const asked: number[] = [];
  const page = (status: number, body: string) => ({ outcome: 'answered', status, body, ms: 1 });
  const answerAt = ({ port }: HttpGet): unknown => {
    asked.push(port);
    const door = doors[port - 1];
    if (door === 'broken') return page(502, 'Bad Gateway');
    if (door === 'application')
      return paused ? { outcome: 'no-answer', ms: 1000 } : page(200, 'hello from the database');
    if (door === 'welcome') return page(200, 'Welcome');
    // It has let seven in before it begins to count.
    if (asked.length > 7 && performance.now() - last < 5) return page(503, 'Too many');
    last = performance.now();
    return page(200, 'canned');
  };
  const ask = (_: unknown, question: ProbeQuestion): Promise<unknown> =>
    Promise.resolve(question.ask === 'http' ? answerAt(question) : { outcome: 'open', ms: 1 });
  const set = (to: boolean) => (): Promise<void> => {
    paused = to;
    return Promise.resolve();
  };
  const docker = { getContainer: () => ({ pause: set(true), unpause: set(false) }) };
  const entrances = doors.map((_, i) => entrance(i + 1));
  const wanted = { entrances, backend: [backend] };
  const result = await tryEveryDoor({ ask, docker } as unknown as LabHost, wanted, () => []);
  return { ...result, asked: [...new Set(asked)] };
}

test('the first that works, and no other after it', async () => {
  const { facts, asked } = await tried(['application', 'welcome']);
  expect(facts).toMatchObject({ url: 'http://192.0.2.1:1/', tries: 1 });
  expect(facts).not.toHaveProperty('others');
  expect(asked).toEqual([1]);
});

test('others are told of: why they did not count', async () => {
  const { facts, entrance: through } = await tried(['welcome', 'broken', 'application']);
  expect(facts).toMatchObject({
    url: 'http://192.0.2.1:3/',
    others: [
      { url: 'http://192.0.2.1:1/', away: expect.arrayContaining([expect.objectContaining({ body: 'Welcome' })]) },
      { url: 'http://192.0.2.1:2/', before: [{ status: 502 }], away: [] },
    ],
  });
  expect(through.port.port).toBe(3);
});

test('if none works, the first one, and all were tried twice', async () => {
  const { facts } = await tried(['welcome', 'broken']);
  expect(facts).toMatchObject({ url: 'http://192.0.2.1:1/', tries: 2, others: [{ url: 'http://192.0.2.1:2/' }] });
});

test('refusals for the number of requests are not taken for a backend that is away', async () => {
  const { facts } = await tried(['limited']);
  expect(facts.away.map(({ body }) => body)).toEqual(Array(6).fill('canned'));
});

test('an entrance that has worked is tried first', () => {
  const [one, two] = [entrance(1), entrance(2)];
  expect(knownFirst([one, two], [entrance(2)])).toEqual([two, one]);
});
