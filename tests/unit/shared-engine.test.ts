/** An engine that others use, too, and has no address left for a network: whose fault that is. */
import { expect, test } from '@jest/globals';
import { checkCollisions } from '../../helpers/deploy/shared-engine.ts';

const WORDINGS = [
  'all predefined address pools have been fully subnetted',
  'could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network',
];

/** @param others How many networks others have. @param own How many the submission has made. */
function met(message: string, others: number, own: number): Promise<void> {
  const ids = (of: string, count: number): string[] => Array.from({ length: count }, (_, i) => `${of}${i}`);
  const made = { networks: new Set(ids('own', own)), containers: new Set() };
  const all = [...ids('others', others), ...made.networks].map((Id) => ({ Id, Name: Id }));
  const docker = { listNetworks: () => Promise.resolve(all) };
  return checkCollisions({ docker } as never, { refused: [], failed: [message], made } as never);
}

test.each(WORDINGS)('"%s": it is theirs who have most of the networks', async (message) => {
  await expect(met(message, 30, 2)).rejects.toThrow(message);
  await expect(met(message, 4, 27)).resolves.toBeUndefined();
});
