/**
 * All labs that can be graded. A lab is either `specs/<lab>.lab.ts` with `specs/<lab>.spec.ts`, or a topology
 * `specs/topologies/<lab>.yaml`, which needs no spec of its own. A course keeps its own topologies in another folder,
 * which may also contain its rubric.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { UsageError, reasonOf } from '../base/failure.ts';
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
const NO_TOPOLOGIES = [...RUBRIC_FILES, ...COURSE_FILES, ...OVERRIDES_FILES];

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
    if (catalogue.has(lab.name)) throw twoCalled(lab.name);
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

/**
 * The lab that a topology file describes, wherever the file is.
 *
 * @throws {UsageError} when there is no such file, it is wrong, or grading would not take it as this lab.
 */
export function labOfFile(file: string): GradableLab {
  const [folder, base] = [path.dirname(path.resolve(file)), path.basename(file)];
  if (NO_TOPOLOGIES.includes(base))
    throw new UsageError(`${file} is no lab: a file of this name has a course's rules, not a topology`);
  const about = statSync(file, { throwIfNoEntry: false });
  if (about === undefined) throw new UsageError(`there is no file ${file}`);
  if (!about.isFile()) throw new UsageError(`${file} is no file; --labs DIR names a folder of topologies`);
  const lab = describedLab(folder, base);
  if (folder !== TOPOLOGIES && specFor(lab.name) !== undefined) throw twoCalled(lab.name);
  return lab;
}

function twoCalled(name: string): UsageError {
  return new UsageError(`there are two labs called ${name}; give one of the files another name`);
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
  return all.filter((file) => !NO_TOPOLOGIES.includes(file)).map((file) => describedLab(folder, file));
}

function describedLab(folder: string, file: string): GradableLab {
  const name = path.relative(process.cwd(), path.join(folder, file));
  const topology = parseTopology(textOf(path.join(folder, file), name), name, file.replace(YAML, ''));
  const lab = labOf(topology);
  const starter = path.join(folder === TOPOLOGIES ? STARTERS : path.join(folder, 'starters'), lab.name);
  return { ...lab, starter, spec: TOPOLOGY_SPEC, topology };
}

function textOf(file: string, name: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new UsageError(`${name} cannot be read: ${reasonOf(error)}`);
  }
}

function yamlFilesIn(folder: string): string[] {
  try {
    return readdirSync(folder).filter((file) => YAML.test(file));
  } catch {
    throw new UsageError(`there is no folder ${folder}; name another one with --labs DIR`);
  }
}
