/** Opens the grader of a run: this machine, or the workers of a queue. */
import { UsageError } from '../base/failure.ts';
import { NoHosts } from '../machine/lab-host/no-hosts.ts';
import type { LabGrader } from './run.ts';
import { say } from '../machine/setup/say.ts';
import { openHosts } from './hosts.ts';
import type { RunOptions } from './options.ts';
import type { Work } from './work.ts';

/** How many lab hosts `--keep` may keep. */
const MOST_KEPT = 4;

/** @param whileDeploying See Equipment. */
export async function openGrader(
  work: Work,
  options: RunOptions,
  whileDeploying: () => void,
): Promise<LabGrader & AsyncDisposable> {
  return options.queue === undefined ? here(work, options, whileDeploying) : byWorkers(options.queue, options);
}

async function here(
  { students, labs }: Work,
  options: RunOptions,
  whileDeploying: () => void,
): Promise<LabGrader & AsyncDisposable> {
  const handedIn = students.flatMap((student) => labs.filter(({ name }) => options.live || student.labs.has(name)));
  const needed = handedIn.reduce((sum, { machines = 1 }) => sum + machines, 0);
  if (options.keep && needed > MOST_KEPT)
    throw new UsageError(
      `--keep would leave ${needed} lab hosts running, each with memory and a disk of its own: name students and labs (--lab) so that there are at most ${MOST_KEPT}`,
    );
  // If no lab that was handed in needs a machine, nothing is prepared, not even an engine.
  const onPaper = needed === 0;
  const opening = onPaper ? new NoHosts(options.host.kind) : openHosts(options, needed);
  // Only now, because it takes time to load, and meanwhile the engine answers.
  const [hosts, { LocalGrader }] = await Promise.all([opening, import('./local-grader.ts')]);
  return new LocalGrader(hosts, { ...options, jobs: Math.min(options.jobs, Math.max(needed, 1)), whileDeploying });
}

async function byWorkers(
  url: string,
  { engine, ownLabs, out, foreignImages }: RunOptions,
): Promise<LabGrader & AsyncDisposable> {
  // Only now, because the Redis client takes time to load, and grading on this machine does not need it.
  const [{ RemoteGrader }, { versionOf }] = await Promise.all([
    import('./queue/remote-grader.ts'),
    import('./queue/version.ts'),
  ]);
  return RemoteGrader.open(url, { version: await versionOf(engine, ownLabs, foreignImages), out, say });
}
