/** What is done before a run on every engine: what earlier runs left there, or kept there, is removed or named. */
import type Docker from 'dockerode';
import { reasonOf } from '../base/failure.ts';
import { keptEarlier } from '../machine/lab-host/kept.ts';
import { removeLeftovers } from '../machine/lab-host/leftovers.ts';
import { removeDeadFiles } from '../machine/lab-host/own-files.ts';
import { say } from '../machine/setup/say.ts';

/** Removes what killed runs have left on an engine and on this machine. */
export async function sweep(docker: Docker): Promise<void> {
  await removeDeadFiles().catch((error: unknown) => {
    say(`could not remove what an earlier run left: ${reasonOf(error)}`);
  });
  const troubles = await removeLeftovers(docker).catch((error: unknown) => [reasonOf(error)]);
  for (const trouble of troubles) say(`could not remove ${trouble}`);
  const kept = await keptEarlier(docker).catch(() => undefined); // the engine is gone then, which is reported elsewhere
  if (kept !== undefined) say(`kept by earlier runs (--keep): ${kept.names.join(', ')}; remove with: ${kept.removal}`);
}
