import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { Coalesced } from '../../helpers/report/coalesced.ts';

/** Work that ends when it is told to, and notes what it saw when it began. */
class Writer {
  readonly seen: number[] = [];
  readonly #ends: ((error?: Error) => void)[] = [];
  readonly coalesced = new Coalesced(() => {
    this.seen.push(this.state);
    return new Promise((resolve, reject) => {
      this.#ends.push((error) => {
        if (error === undefined) resolve();
        else reject(error);
      });
    });
  });
  state = 0;

  change(): Promise<void> {
    this.state++;
    return this.coalesced.ask();
  }

  async end(error?: Error): Promise<void> {
    this.#ends.shift()?.(error);
    await turn();
  }
}

test('however many ask while it works, it works once more, and the last run has seen everything', async () => {
  const writer = new Writer();
  const asked = Array.from({ length: 1000 }, () => writer.change());
  await writer.end();
  await writer.end();
  await Promise.all(asked);
  expect(writer.seen).toEqual([1, 1000]);
});

test('who asks when nothing is under way is served at once', async () => {
  const writer = new Writer();
  const first = writer.change();
  await writer.end();
  await first;
  const second = writer.change();
  expect(writer.seen).toEqual([1, 2]);
  await writer.end();
  await second;
});

test('nobody is told that a change is done by a run that began before it', async () => {
  const writer = new Writer();
  const first = writer.change();
  let told = false;
  const second = writer.change().then(() => (told = true));
  await writer.end();
  await first;
  expect([told, writer.seen]).toEqual([false, [1, 2]]);
  await writer.end();
  await second;
  expect(told).toBe(true);
});

test('a run that fails fails for those who asked for it, and the next one is made all the same', async () => {
  const writer = new Writer();
  const first = writer.change();
  const second = writer.change();
  const reason = first.catch((error: unknown) => (error as Error).message);
  await writer.end(new Error('the disk is full'));
  expect(await reason).toBe('the disk is full');
  await writer.end();
  await second;
  expect(writer.seen).toEqual([1, 2]);
});

test('who asks between two runs does not start one beside the next', async () => {
  const writer = new Writer();
  const first = writer.change().then(() => writer.change());
  const second = writer.change();
  await writer.end();
  expect(writer.seen).toEqual([1, 3]);
  await writer.end();
  await Promise.all([first, second]);
});
