/** Where the files of the engine's own machine are, for an agent that stands in a container beside the engine. */
import { readdirSync, readFileSync } from 'node:fs';
import { pids } from './processes.ts';
import { namespaceOf } from './stack.ts';

/** Told to the agent instead of a root directory. */
export const BESIDE_ENGINE = '--beside-engine';

/**
 * The root directory of the engine's process (in the machine's network namespace: other engines may run in containers),
 * because what it copies into containers is what it sees; where none is found, that of the machine's first process.
 *
 * @throws when it cannot be read.
 */
export function engineRoot(): string {
  const here = namespaceOf('self');
  const engine = pids().find((pid) => isEngine(pid) && namespaceOf(pid) === here) ?? '1';
  const root = `/proc/${engine}/root`;
  readdirSync(`${root}/etc`);
  return root;
}

function isEngine(pid: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'dockerd';
  } catch {
    return false; // it has ended meanwhile
  }
}
