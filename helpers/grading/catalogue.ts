/** All labs that can be graded: one `specs/<lab>.lab.ts` beside one `specs/<lab>.spec.ts`. */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { LabDefinition } from './lab-definition.ts';

export const SPECS = path.resolve(import.meta.dirname, '../../specs');
const SUFFIX = '.lab.ts';

/** @returns the labs by name, in alphabetical order. */
export async function loadCatalogue(): Promise<Map<string, LabDefinition>> {
  const files = readdirSync(SPECS)
    .filter((file) => file.endsWith(SUFFIX))
    .sort();
  const labs = await Promise.all(
    files.map(async (file) => {
      const { definition } = (await import(pathToFileURL(path.join(SPECS, file)).href)) as {
        definition: LabDefinition;
      };
      return [definition.name, definition] as const;
    }),
  );
  return new Map(labs);
}
