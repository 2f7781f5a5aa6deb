/** Memory: what a lab host has that does nothing, and what the grader has, by how many labs it grades at a time. */
import { UsageError } from '../helpers/base/failure.ts';
import { OWNER_LABEL, ownLabels } from '../helpers/machine/lab-host/labels.ts';
import { until } from '../helpers/base/wait.ts';
import { Cgroup } from './lib/cgroup.ts';
import { Class } from './lib/class.ts';
import { goal, heading, line, mebibytes } from './lib/figures.ts';
import { freshHosts, prepared, type Prepared } from './lib/prepared.ts';
import { watchRun } from './lib/watched-run.ts';

const JOBS = [1, 2, 4];
const MEGABYTE = 1e6;
const SETTLES_MS = 30_000;
/** So many looks in a row at which it has hardly worked since the last one: it is idle. */
const QUIET_LOOKS = 10;
const QUIET_MS = 2;

export async function run(): Promise<void> {
  if (process.getuid?.() !== 0) throw new UsageError('memory is counted by the kernel’s cgroups: run it as root');
  const from = await prepared();
  const idle = await idleLabHost(from);
  const graders = new Map<number, number>();
  for (const jobs of JOBS) {
    using students = new Class(jobs);
    graders.set(jobs, (await watchRun(from.docker, students.command(jobs))).graderMemory);
    console.error(`  ${jobs} at a time: ${mebibytes(graders.get(jobs)!)}`);
  }
  print(idle, graders);
}

/** Bytes of its processes and of the kernel for it, once it has come to rest. */
async function idleLabHost(from: Prepared): Promise<number> {
  await using hosts = freshHosts(from, 1);
  await hosts.take();
  const label = `${OWNER_LABEL}=${ownLabels()[OWNER_LABEL] ?? ''}`;
  const [container] = await from.docker.listContainers({ filters: { label: [label] } });
  const { State } = await from.docker.getContainer(container!.Id).inspect();
  const cgroup = Cgroup.of(State.Pid);
  let [quiet, before] = [0, cgroup.cpuMs];
  await until(SETTLES_MS, () => {
    const now = cgroup.cpuMs;
    quiet = now - before < QUIET_MS ? quiet + 1 : 0;
    before = now;
    return Promise.resolve(quiet >= QUIET_LOOKS ? true : undefined);
  });
  return cgroup.memory;
}

function print(idle: number, graders: Map<number, number>): void {
  heading('Memory of processes’ own and the kernel’s for them, without page cache');
  goal('a lab host that does nothing', mebibytes(idle), '< 150 MB', idle < 150 * MEGABYTE);
  for (const [jobs, bytes] of graders) {
    const most = (200 + 80 * jobs) * MEGABYTE;
    const wanted = `< ${200 + 80 * jobs} MB`;
    goal(`npm, grader and judge, ${jobs} at a time (peak)`, mebibytes(bytes), wanted, bytes < most);
  }
  const [fewest, most] = [Math.min(...JOBS), Math.max(...JOBS)];
  const perJob = (graders.get(most)! - graders.get(fewest)!) / (most - fewest);
  line('which is, for each one more at a time', mebibytes(perJob), `on ${mebibytes(graders.get(fewest)! - perJob)}`);
}
