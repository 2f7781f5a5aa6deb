/** Reads submission.yaml, in which a student may say how to deploy. Every key is optional; unknown keys are an error. */
import path from 'node:path';
import { readPlainFile } from '../base/plain-file.ts';
import { parseStudentYaml } from '../base/student-yaml.ts';

export const MANIFEST = 'submission.yaml';

const DEPLOYS = ['compose', 'script', 'live'] as const;
const KEYS = ['deploy', 'file', 'roles', 'timeout'];
/** Bytes. A file written by hand is much shorter. */
const LONGEST = 64 * 1024;
/** Seconds; the longest a student may ask for. */
const LONGEST_TIMEOUT = 900;

export interface Manifest {
  deploy?: (typeof DEPLOYS)[number];
  /** Relative to the lab's folder. */
  file?: string;
  /** Role name → container name. */
  roles: Record<string, string>;
  /** Seconds for deploying and becoming ready. */
  timeout?: number;
}

/** Says to the student what is wrong with a submission.yaml. */
export class ManifestError extends Error {
  override name = 'ManifestError';
}

/**
 * Reads the manifest of a lab's folder.
 *
 * @returns an empty manifest when there is none.
 * @throws {ManifestError}
 */
export async function readManifest(folder: string): Promise<Manifest> {
  const content = await readPlainFile(path.join(folder, MANIFEST), LONGEST);
  if (content === 'missing') return { roles: {} };
  if (content === 'no file')
    throw new ManifestError(`${MANIFEST} must be a file with text in it; it is a link, a folder or something else`);
  if (content === 'too long') throw new ManifestError(`${MANIFEST} is longer than ${LONGEST / 1024} KiB`);
  return parseManifest(content.toString('utf8'));
}

export function parseManifest(text: string): Manifest {
  let content: unknown;
  try {
    content = parseStudentYaml(text) ?? {};
  } catch (error) {
    throw new ManifestError(`${MANIFEST} is not valid YAML: ${(error as Error).message.split('\n')[0]}`);
  }
  if (!isMapping(content)) throw new ManifestError(`${MANIFEST} must be a mapping of keys to values`);
  const unknown = Object.keys(content).filter((key) => !KEYS.includes(key));
  if (unknown.length > 0) {
    throw new ManifestError(`${MANIFEST}: unknown key "${unknown.join('", "')}"; the keys are ${KEYS.join(', ')}`);
  }
  const { deploy, file, roles, timeout } = content;
  const manifest: Manifest = { roles: rolesOf(roles) };
  if (deploy !== undefined) manifest.deploy = deployOf(deploy);
  if (file !== undefined) manifest.file = fileOf(file);
  if (timeout !== undefined) manifest.timeout = timeoutOf(timeout);
  return manifest;
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function deployOf(value: unknown): (typeof DEPLOYS)[number] {
  const known = DEPLOYS.find((each) => each === value);
  if (known === undefined)
    throw new ManifestError(`${MANIFEST}: deploy must be ${DEPLOYS.join(', ')}; it is ${JSON.stringify(value)}`);
  return known;
}

function fileOf(value: unknown): string {
  if (typeof value !== 'string' || value === '') throw new ManifestError(`${MANIFEST}: file must be a file name`);
  const normal = path.posix.normalize(value);
  if (path.posix.isAbsolute(normal) || normal.startsWith('..')) {
    throw new ManifestError(`${MANIFEST}: file must lie inside the submission; it is ${JSON.stringify(value)}`);
  }
  return normal;
}

function rolesOf(value: unknown): Record<string, string> {
  if (value === undefined || value === null) return {};
  if (!isMapping(value)) throw new ManifestError(`${MANIFEST}: roles must map each role to a container's name`);
  return Object.fromEntries(
    Object.entries(value).map(([role, container]) => {
      if (typeof container !== 'string')
        throw new ManifestError(`${MANIFEST}: roles.${role} must be a container's name`);
      return [role, container];
    }),
  );
}

function timeoutOf(value: unknown): number {
  if (typeof value !== 'number' || !(value > 0) || value > LONGEST_TIMEOUT) {
    throw new ManifestError(
      `${MANIFEST}: timeout must be a number of seconds up to ${LONGEST_TIMEOUT}; it is ${JSON.stringify(value)}`,
    );
  }
  return value;
}
