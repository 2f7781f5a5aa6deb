/** One machine in use as the supply of lab hosts. */
import { expect, test } from '@jest/globals';
import type { LabHost } from '../../helpers/machine/lab-host/lab-host.ts';
import { OneHost } from '../../helpers/machine/lab-host/shared/one-host.ts';

test.each([
  ['lost before it is given back', () => Promise.resolve()],
  ['lost while it is given back', () => Promise.reject(new Error('Not connected'))],
])('a machine that was %s is put back in the end', async (_, dispose) => {
  const host = { lost: () => 'the connection dropped', [Symbol.asyncDispose]: dispose } as unknown as LabHost;
  let isPutBack = false;
  const hosts = new OneHost({
    kind: 'ssh',
    engine: '28.5.2',
    tries: 1,
    open: () => Promise.resolve(host),
    afterLoss: () => {
      isPutBack = true;
      return Promise.resolve();
    },
  });
  hosts.release(await hosts.take(true));
  await hosts[Symbol.asyncDispose]();
  expect(isPutBack).toBe(true);
});
