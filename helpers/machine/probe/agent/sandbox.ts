/** Questions about a sandbox: its listeners, its files. */
import type { SandboxAnswer, TextAnswer } from '../protocol.ts';
import { allListeners } from './listeners.ts';
import type { Standpoint } from './standpoint.ts';
import { inRoot, readTextFile } from './text-file.ts';
import { TEXT_LIMIT } from '../../../base/plain-file.ts';

const FILE_LIMIT = 16_384;

/**
 * Reads a sandbox.
 *
 * @param root The place's root directory as the agent sees it (`/proc/PID/root`), or '' for the agent's own.
 */
export function readSandbox(from: Standpoint, root: string): SandboxAnswer {
  return {
    listeners: from.within(allListeners),
    resolvConf: readText(inRoot(root, '/etc/resolv.conf')),
    hosts: readText(inRoot(root, '/etc/hosts')),
    hostname: readText(inRoot(root, '/etc/hostname')).trim(),
  };
}

/** An image without the file is a fact about the image, not a fault of the probe. */
function readText(path: string | undefined, limit: number = FILE_LIMIT): string {
  return readTextFile(path, limit) ?? '';
}

export function textOf(root: string, path: string): TextAnswer {
  const text = readTextFile(inRoot(root, path), TEXT_LIMIT);
  return text === undefined ? {} : { text };
}
