import { expect, test } from '@jest/globals';
import { Removal } from '../../helpers/cli/removal.ts';

test('whoever asks, what was made is removed once, and everybody waits for the same end', async () => {
  let asked = 0;
  let finish = (): void => undefined;
  const made = {
    [Symbol.asyncDispose]: (): Promise<void> => {
      asked++;
      return new Promise((resolve) => {
        finish = resolve;
      });
    },
  };
  const order: string[] = [];
  {
    await using removal = new Removal(made);
    const first = removal.begin().then(() => order.push('removed'));
    order.push('reported'); // while the removal is under way
    finish();
    await Promise.all([first, removal.begin()]);
  }
  expect([asked, order]).toEqual([1, ['reported', 'removed']]);
});

test('what went wrong is seen by who waits for the end, also if it went wrong long before', async () => {
  const removal = new Removal({ [Symbol.asyncDispose]: () => Promise.reject(new Error('it is stuck')) });
  void removal.begin();
  await Promise.resolve();
  await expect(removal.begin()).rejects.toThrow('it is stuck');
});
