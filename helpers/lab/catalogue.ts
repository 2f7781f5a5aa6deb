/**
 * All labs that can be graded. A lab is either `specs/<lab>.lab.ts` with `specs/<lab>.spec.ts`, or a topology
 * `specs/topologies/<lab>.yaml`, which needs no spec of its own. A course keeps its own topologies in another folder,
 * which may also contain its rubric.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { UsageError } from '../base/failure.ts';
import { labOf } from './topology/definition.ts';
import { parseTopology } from './topology/parse.ts';
import type { Topology } from './topology/topology.ts';
import { COURSE_FILES, OVERRIDES_FILES, RUBRIC_FILES, type LabDefinition } from './lab-definition.ts';

export const SPECS = path.resolve(import.meta.dirname, '../../specs');
const TOPOLOGIES = path.join(SPECS, 'topologies');
const STARTERS = path.resolve(SPECS, '../starters');
const TOPOLOGY_SPEC = 'topology.spec.ts';
const LAB = '.lab.ts';
const YAML = /\.ya?ml$/;

export interface GradableLab extends LabDefinition {
  /** File name in specs/. */
  spec: string;
  topology?: Topology;
  /** The folder with what a course gives out for it; there may be none. */
  starter?: string;
}

/**
 * @param ownLabs Folders with a course's own topologies.
 * @returns the labs by name, in alphabetical order.
 * @throws {UsageError} when a topology is wrong, or two labs have one name.
 */
export async function loadCatalogue(ownLabs: string[] = []): Promise<Map<string, GradableLab>> {
  const labs = [...(await definedLabs()), ...[TOPOLOGIES, ...ownLabs].flatMap(describedLabs)];
  const catalogue = new Map<string, GradableLab>();
  for (const lab of labs.sort((a, b) => a.name.localeCompare(b.name))) {
    if (catalogue.has(lab.name))
      throw new UsageError(`there are two labs called ${lab.name}; give one of the files another name`);
    catalogue.set(lab.name, lab);
  }
  return catalogue;
}

/**
 * Which spec judges a lab, and the topology that its rules follow from, if it has one. No definition is loaded for it.
 *
 * @param ownLabs See `loadCatalogue`.
 * @returns undefined when there is no such lab.
 * @throws {UsageError} when a topology is wrong.
 */
export function specFor(lab: string, ownLabs: string[] = []): Pick<GradableLab, 'spec' | 'topology'> | undefined {
  const spec = `${lab}.spec.ts`;
  if (spec !== TOPOLOGY_SPEC && existsSync(path.join(SPECS, spec))) return { spec };
  return [TOPOLOGIES, ...ownLabs].flatMap(describedLabs).find(({ name }) => name === lab);
}

async function definedLabs(): Promise<GradableLab[]> {
  const files = readdirSync(SPECS).filter((file) => file.endsWith(LAB));
  return Promise.all(
    files.map(async (file) => {
      const { definition } = (await import(pathToFileURL(path.join(SPECS, file)).href)) as {
        definition: LabDefinition;
      };
      const starter = path.join(STARTERS, definition.name);
      return { ...definition, starter, spec: file.replace(LAB, '.spec.ts') };
    }),
  );
}

function describedLabs(folder: string): GradableLab[] {
  const all = yamlFilesIn(folder);
  if (all.length === 0)
    throw new UsageError(`no topologies in ${folder}: it needs a <lab>.yaml for each lab, or a rubric.yaml`);
  const files = all.filter((file) => ![...RUBRIC_FILES, ...COURSE_FILES, ...OVERRIDES_FILES].includes(file));
  return files.map((file) => {
    const text = readFileSync(path.join(folder, file), 'utf8');
    const topology = parseTopology(text, path.relative(process.cwd(), path.join(folder, file)), file.replace(YAML, ''));
    const lab = labOf(topology);
    const starter = path.join(folder === TOPOLOGIES ? STARTERS : path.join(folder, 'starters'), lab.name);
    return { ...lab, starter, spec: TOPOLOGY_SPEC, topology };
  });
}

function yamlFilesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((file) => YAML.test(file));
  } catch {
    throw new UsageError(`there is no folder ${folder}; name another one with --labs DIR`);
  }
}
