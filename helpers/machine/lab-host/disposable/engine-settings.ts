/** The settings of a lab host's engine (its daemon.json): those of the image, and what this run adds to them. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';

const OF_THE_IMAGE = path.resolve(import.meta.dirname, '../../../../images/lab-host/daemon.json');

/**
 * The engine asks the agent about every request (helpers/machine/policy), and carries out none without an answer. In the run's
 * settings and not in the image's: an engine that stands there without an agent would be of no use.
 */
const PLUGINS = { 'authorization-plugins': ['netgrade'] };

/**
 * As boot.sh is told: the text of a daemon.json.
 *
 * @param registryMirror Asked for images of Docker Hub before Docker Hub is; other registries have no mirror in Docker.
 */
export async function engineSettings(registryMirror?: string): Promise<string> {
  const mirrors = registryMirror === undefined ? {} : { 'registry-mirrors': [registryMirror] };
  const settings = JSON.parse(await readFile(OF_THE_IMAGE, 'utf8')) as Record<string, unknown>;
  return JSON.stringify({ ...settings, ...PLUGINS, ...mirrors });
}
