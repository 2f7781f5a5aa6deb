/**
 * usage: node observe.ts
 *
 * Does every experiment on two lab hosts, and prints what was seen as JSON, by experiment. Those on one machine are done
 * side by side, as far as two machines allow; the one that needs both comes last.
 */
import { randomBytes } from 'node:crypto';
import { FreshHosts } from '../../../helpers/machine/lab-host/disposable/fresh-hosts.ts';
import { bootsOn } from '../../../helpers/machine/lab-host/disposable/boots.ts';
import { ensureEngine } from '../../../helpers/machine/setup/engine.ts';
import { DEFAULT_GENERATION } from '../../../helpers/machine/setup/generations.ts';
import { ensureImages } from '../../../helpers/machine/setup/images.ts';
import type { Observed } from './experiment.ts';
import { EXPERIMENTS } from './experiments.ts';
import { LabShell } from './lab-shell.ts';

const ON_BOTH = ['overlay'];

const { docker } = await ensureEngine();
const from = await ensureImages(docker, DEFAULT_GENERATION);
const seen: Record<string, Observed> = {};

await using hosts = new FreshHosts(bootsOn(docker, from, { egress: 'none' }), 2, () => Promise.resolve());
const taken = await Promise.all([hosts.take(), hosts.take()]);
const tokenSecret = randomBytes(32).toString('hex');
for (const { policy } of taken) await policy?.begin({ swarm: true }, tokenSecret);
const machines = taken.map((host) => new LabShell(host));

async function observe(name: string, on: LabShell[]): Promise<void> {
  const started = performance.now();
  try {
    seen[name] = await EXPERIMENTS[name]!.observe(...on);
  } catch (error) {
    throw new Error(`the experiment "${name}" could not be done: ${(error as Error).message}`, { cause: error });
  }
  for (const machine of on) await machine.clear();
  console.error(`${name}: ${Math.round(performance.now() - started)} ms`);
}

const waiting = Object.keys(EXPERIMENTS).filter((name) => !ON_BOTH.includes(name));
await Promise.all(
  machines.map(async (machine) => {
    for (let name = waiting.shift(); name !== undefined; name = waiting.shift()) await observe(name, [machine]);
  }),
);
for (const name of ON_BOTH) await observe(name, machines);
console.log(JSON.stringify(seen));
