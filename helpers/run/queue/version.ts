/** The version of a grader or worker. Only equal versions work together: else verdicts would depend on the worker. */
import path from 'node:path';
import { digestOf } from '../../base/digest.ts';
import type { Generation } from '../../machine/setup/generations.ts';
import type { Version } from './job.ts';

const ROOT = path.resolve(import.meta.dirname, '../../..');
/** What decides how a lab is graded. */
const PROGRAM = ['helpers', 'specs', 'images'].map((folder) => path.join(ROOT, folder));

/**
 * @param ownLabs The course's own folders with topologies: workers need the same.
 * @param foreignImages Whether submissions may use other images than the course's.
 */
export async function versionOf(engine: Generation, ownLabs: string[], foreignImages = true): Promise<Version> {
  const [program, labs] = await Promise.all([digestOf(PROGRAM), digestOf(ownLabs)]);
  const own = ownLabs.length === 0 ? [] : [`labs ${labs}`];
  const images = foreignImages ? [] : ['no-foreign-images'];
  return {
    queue: ['labs', program, engine, ...(ownLabs.length === 0 ? [] : [labs]), ...images].join('-'),
    about: [`program ${program}`, `Engine ${engine}`, ...own, ...images].join(', '),
  };
}
