/** Finds the root directory of the engine's machine, for an agent that runs in a container beside the engine. */
import { readdirSync, readFileSync } from 'node:fs';
import { pids } from './processes.ts';
import { namespaceOf } from './stack.ts';

/** The root directory of a lab host of our own, for the agent there; see images/lab-host/scripts/agent-root.sh. */
export const LAB_HOST_ROOT = '/proc/1/root';

/** The agent's argument when it runs in a container beside the engine. */
export const BESIDE_ENGINE = '--beside-engine';

/**
 * The root directory as the engine's process sees it, because the engine copies files from there into containers. Only
 * an engine in the machine's own network namespace counts: others may run in containers. If none is found, the root
 * directory of the machine's first process is used.
 *
 * @throws when it cannot be read.
 */
export function engineRoot(): string {
  const here = namespaceOf('self');
  const engine = pids().find((pid) => isEngineIn(here, pid)) ?? '1';
  const root = `/proc/${engine}/root`;
  readdirSync(`${root}/etc`);
  return root;
}

function isEngineIn(namespace: number, pid: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === 'dockerd' && namespaceOf(pid) === namespace;
  } catch {
    return false; // the process has ended since it was listed
  }
}
