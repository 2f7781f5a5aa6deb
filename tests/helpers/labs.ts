/** All labs as their definitions, for tests: read as the catalogue reads them, but by Jest's own module loader. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { LabDefinition } from '../../helpers/lab/lab-definition.ts';
import { labOf } from '../../helpers/lab/topology/definition.ts';
import { parseTopology } from '../../helpers/lab/topology/parse.ts';
import type { Topology } from '../../helpers/lab/topology/topology.ts';

const SPECS = path.resolve('specs');
const TOPOLOGIES = path.join(SPECS, 'topologies');

/** Names of the labs, in alphabetical order. */
export function labNames(): string[] {
  const endings = [
    [SPECS, '.lab.ts'],
    [TOPOLOGIES, '.yaml'],
  ] as const;
  return endings
    .flatMap(([folder, ending]) =>
      readdirSync(folder)
        .filter((file) => file.endsWith(ending))
        .map((file) => file.slice(0, -ending.length)),
    )
    .sort();
}

export async function labCalled(name: string): Promise<LabDefinition> {
  if (readdirSync(TOPOLOGIES).includes(`${name}.yaml`)) return labOf(topologyCalled(name));
  const { definition } = (await import(path.join(SPECS, `${name}.lab.ts`))) as { definition: LabDefinition };
  return definition;
}

export function topologyCalled(name: string): Topology {
  const file = `${name}.yaml`;
  return parseTopology(readFileSync(path.join(TOPOLOGIES, file), 'utf8'), file, name);
}
