import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { TaskLimit } from '../../helpers/run/queue/task-limit.ts';

/** Guests who stay until they are told to leave. */
class Guests {
  readonly inside: string[] = [];
  readonly #leave = new Map<string, (error?: Error) => void>();
  readonly #limit: TaskLimit;

  constructor(room: TaskLimit) {
    this.#limit = room;
  }

  comes(name: string, bytes: number): Promise<void> {
    return this.#limit.through(bytes, () => {
      this.inside.push(name);
      return new Promise((resolve, reject) => {
        this.#leave.set(name, (error) => {
          if (error === undefined) resolve();
          else reject(error);
        });
      });
    });
  }

  async goes(name: string, error?: Error): Promise<void> {
    this.#leave.get(name)?.(error);
    await turn();
  }
}

test('there are never more inside than there are places, and all get in, in their order', async () => {
  const guests = new Guests(new TaskLimit({ places: 2, bytes: 100 }));
  const all = ['a', 'b', 'c', 'd'].map((name) => guests.comes(name, 1));
  await turn();
  expect(guests.inside).toEqual(['a', 'b']);
  await guests.goes('b');
  expect(guests.inside).toEqual(['a', 'b', 'c']);
  for (const name of ['a', 'c', 'd']) await guests.goes(name);
  await Promise.all(all);
  expect(guests.inside).toEqual(['a', 'b', 'c', 'd']);
});

test('nor more bytes; who waits for much is not overtaken for ever by those with little', async () => {
  const guests = new Guests(new TaskLimit({ places: 10, bytes: 100 }));
  const all = [guests.comes('a', 60), guests.comes('much', 90), guests.comes('little', 1)];
  await turn();
  expect(guests.inside).toEqual(['a']);
  await guests.goes('a');
  expect(guests.inside).toEqual(['a', 'much', 'little']);
  for (const name of ['much', 'little']) await guests.goes(name);
  await Promise.all(all);
});

test('what is larger than the room gets in alone', async () => {
  const guests = new Guests(new TaskLimit({ places: 10, bytes: 100 }));
  const all = [guests.comes('a', 1), guests.comes('huge', 1000), guests.comes('b', 1)];
  await turn();
  await guests.goes('a');
  expect(guests.inside).toEqual(['a', 'huge']);
  await guests.goes('huge');
  await guests.goes('b');
  await Promise.all(all);
});

test('who fails leaves, too; and more places are taken at once', async () => {
  const room = new TaskLimit({ places: 1, bytes: 100 });
  const guests = new Guests(room);
  const failing = guests.comes('a', 100).catch((error: unknown) => (error as Error).message);
  const others = ['b', 'c', 'd'].map((name) => guests.comes(name, 1));
  await turn();
  await guests.goes('a', new Error('lost'));
  expect(await failing).toBe('lost');
  expect(guests.inside).toEqual(['a', 'b']);
  room.places = 3;
  await turn();
  expect(guests.inside).toEqual(['a', 'b', 'c', 'd']);
  for (const name of ['b', 'c', 'd']) await guests.goes(name);
  await Promise.all(others);
});
