/** The settings of a lab host's engine (its daemon.json): those of the image, and what this run adds to them. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { REGISTRY_URL } from '../../probe/agent/registry.ts';

const OF_THE_IMAGE = path.resolve(import.meta.dirname, '../../../../images/lab-host/daemon.json');

/**
 * With this, the engine asks the agent about every request (helpers/machine/policy) and refuses it without an answer. The
 * image's own settings do not have it: while images are prepared there is no agent, and the engine would refuse everything.
 */
const PLUGINS = { 'authorization-plugins': ['netgrade'] };

/**
 * Makes the text of a daemon.json, which boot.sh is given.
 *
 * @param registryMirror The engine asks it for Docker Hub's images before it asks Docker Hub, and before both the lab host's
 *   own registry, which has the course's images. Docker has no mirrors of other registries.
 */
export async function engineSettings(registryMirror?: string): Promise<string> {
  const mirrors = [REGISTRY_URL, ...(registryMirror === undefined ? [] : [registryMirror])];
  const settings = JSON.parse(await readFile(OF_THE_IMAGE, 'utf8')) as Record<string, unknown>;
  return JSON.stringify({ ...settings, ...PLUGINS, 'registry-mirrors': mirrors });
}
