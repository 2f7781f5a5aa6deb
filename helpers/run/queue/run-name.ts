/** The name by which a run finds its labs in the queue again, after the grader itself was ended in the middle. */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

const FILE = '.queue-run';

/** @param out The folder of the run's reports: it has the name as long as something of the run may be in the queue. */
export async function runName(out: string): Promise<string> {
  const file = path.join(out, FILE);
  const last = await readFile(file, 'utf8').catch(() => ''); // there is none yet
  if (/^[\da-f-]{36}$/.test(last)) return last;
  const name = randomUUID();
  await mkdir(out, { recursive: true });
  await writeFile(file, name);
  return name;
}

/** The next run is another one. */
export async function forgetRun(out: string): Promise<void> {
  await rm(path.join(out, FILE), { force: true });
}
