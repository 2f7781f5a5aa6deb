/** Looks at the grading host's engine from a test: only ever at what carries our label, or at what the test made. */
import { spawnSync } from 'node:child_process';
import Docker from 'dockerode';
import { LABEL, OWNER_LABEL } from '../../helpers/machine/lab-host/labels.ts';
import { until } from '../../helpers/base/wait.ts';

const LOOK_MS = 5_000;

export const docker = new Docker();

/** Ids of the lab hosts of a grader, by its process id; running ones only unless all are asked for. */
export async function labHostsOf(pid: number | undefined, all = true): Promise<string[]> {
  const containers = await docker.listContainers({ all, filters: { label: [`${LABEL}=run`] } });
  return containers.filter(({ Labels }) => Labels[OWNER_LABEL]?.split(':')[1] === String(pid)).map(({ Id }) => Id);
}

/** Waits for a lab host on which a student's containers run already. */
export async function labHostAtWork(pid: number | undefined, deadlineMs: number): Promise<string> {
  const id = await until(deadlineMs, async () => {
    for (const host of await labHostsOf(pid, false)) if (hasContainers(host)) return host;
    return undefined;
  });
  if (id === undefined) throw new Error(`no lab host of process ${String(pid)} had containers within ${deadlineMs} ms`);
  return id;
}

/** Through the command line: its streams end when the command does, whatever becomes of the lab host. */
function hasContainers(labHost: string): boolean {
  const { stdout } = spawnSync('docker', ['exec', labHost, 'docker', 'ps', '--quiet'], {
    encoding: 'utf8',
    timeout: LOOK_MS,
  });
  return stdout.trim() !== '';
}
