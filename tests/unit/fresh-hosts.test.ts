/** The supply of fresh lab hosts, with boots that fail. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { Boots } from '../../helpers/machine/lab-host/disposable/boots.ts';
import { FreshHosts } from '../../helpers/machine/lab-host/disposable/fresh-hosts.ts';
import type { LabHost } from '../../helpers/machine/lab-host/lab-host.ts';

const HOST = { [Symbol.asyncDispose]: () => Promise.resolve() } as unknown as LabHost;

test('a lab host that does not boot ahead, while another is given back, is an error for whoever takes it only', async () => {
  const boots = [Promise.resolve(HOST), Promise.withResolvers<LabHost>()] as const;
  const next = [boots[0], boots[1].promise].values();
  const labHost = (): Promise<LabHost> => next.next().value!;
  const supplied: Boots = { labHost, porter: labHost, [Symbol.asyncDispose]: () => Promise.resolve() };
  const hosts = new FreshHosts(supplied, 2, () => Promise.resolve());
  const unhandled: unknown[] = [];
  const note = (reason: unknown): number => unhandled.push(reason);
  process.on('unhandledRejection', note);
  try {
    const host = await hosts.take();
    hosts.release(host);
    boots[1].reject(new Error('the engine went away'));
    await nextTurn();
    await nextTurn();
    expect(unhandled).toEqual([]);
    await expect(hosts.take()).rejects.toThrow('the engine went away');
    await hosts[Symbol.asyncDispose]();
  } finally {
    process.off('unhandledRejection', note);
  }
});
