/** The name of a run, by which it finds its labs in the queue again if the grader was killed. */
import { randomUUID } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';

const FILE = '.queue-run';

/** @param out The folder of the run's reports. The name is kept there as long as the run may have jobs in the queue. */
export async function runName(out: string): Promise<string> {
  const file = path.join(out, FILE);
  const last = await readFile(file, 'utf8').catch(() => ''); // there is none yet
  if (/^[\da-f-]{36}$/.test(last)) return last;
  const name = randomUUID();
  await mkdir(out, { recursive: true });
  await rm(file, { force: true }); // it may be a link
  await writeFile(file, name, { flag: 'wx' });
  return name;
}

/** Forgets the name, so that the next run gets a new one. */
export async function forgetRun(out: string): Promise<void> {
  await rm(path.join(out, FILE), { force: true });
}
