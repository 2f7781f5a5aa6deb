/** Reads submission.yaml, in which a student may say how to deploy. Every key is optional; unknown keys are an error. */
import path from 'node:path';
import { near } from '../base/near.ts';
import { readPlainFile } from '../base/plain-file.ts';
import { parseStudentYaml, whatIsWrong } from '../base/student-yaml.ts';
import { asMeant } from './as-meant.ts';
import type { Entry } from './contents.ts';
import { nearestCalled, type Text } from './tree.ts';

export const MANIFEST = 'submission.yaml';
/** In lower case; they are matched without regard to case. */
export const MANIFESTS = [MANIFEST, 'submission.yml'];

const DEPLOYS = ['compose', 'script', 'live'] as const;
const KEYS = ['deploy', 'file', 'roles', 'timeout'];
/** Bytes. A file written by hand is much shorter. */
const LONGEST = 64 * 1024;
/** Characters of a word that is compared with known words. */
const LONGEST_WORD = 80;
/** Seconds; the longest a student may ask for. */
const LONGEST_TIMEOUT = 900;

export interface Manifest {
  deploy?: (typeof DEPLOYS)[number];
  /** Relative to the manifest's own folder. */
  file?: string;
  /** Role name → container name, as they were written: see roles.ts. */
  roles: Record<string, string>;
  /** Seconds for deploying and becoming ready. */
  timeout?: number;
  /** The manifest itself, relative to the lab's folder; absent when there is none. */
  from?: string;
}

/** Says to the student what is wrong with a submission.yaml. */
export class ManifestError extends Error {
  override name = 'ManifestError';
}

/**
 * Reads the manifest at the top of a lab's folder.
 *
 * @returns an empty manifest when there is none.
 * @throws {ManifestError}
 */
export async function readManifest(folder: string): Promise<Manifest> {
  const found: Manifest[] = [];
  for (const name of MANIFESTS) {
    const content = await readPlainFile(path.join(folder, name), LONGEST);
    if (content === 'missing') continue;
    if (content === 'no file')
      throw new ManifestError(`${name} must be a file with text in it; it is a link, a folder or something else`);
    if (content === 'too long') throw tooLong(name);
    found.push({ ...parseManifest(asMeant(name, content).content.toString('utf8'), name), from: name });
  }
  if (found.length > 1) throw tooMany(MANIFESTS);
  return found[0] ?? { roles: {} };
}

/**
 * The manifest of a submission that has none at its top: the one that lies nearest to it, in a sub-folder or in an archive.
 *
 * @throws {ManifestError}
 */
export function manifestBelow(entries: Entry[], texts: Text[]): Manifest {
  const [name, ...others] = nearestCalled(entries, MANIFESTS);
  if (name === undefined) return { roles: {} };
  if (others.length > 0) throw tooMany([name, ...others]);
  const found = texts.find(({ file }) => file === name);
  if (found === undefined) throw tooLong(name);
  return { ...parseManifest(found.text, name), from: name };
}

/** A file that says what a submission.yaml says, in a name that is nearly that: `submission.yaml.txt`, `submision.yml`. */
export function misnamedManifest(texts: Text[]): string | undefined {
  const isNearly = (file: string): boolean => {
    const [stem = '', ...ends] = path.posix.basename(file).toLowerCase().slice(0, LONGEST_WORD).split('.');
    const bare = stem.replace(/ ?\(\d+\)$| - copy$|^copy of /, '');
    return ends.every((end) => /^(ya?ml|txt|json)$/.test(end)) && near(bare, ['submission']).length > 0;
  };
  const says = new RegExp(`^(?:${KEYS.join('|')})[ \\t]*:`, 'm');
  return texts.find(({ file, text }) => isNearly(file) && says.test(text))?.file;
}

function tooLong(name: string): ManifestError {
  return new ManifestError(`${name} is longer than ${LONGEST / 1024} KiB`);
}

function tooMany(names: string[]): ManifestError {
  return new ManifestError(`there are ${names.join(' and ')}: keep the one that is meant`);
}

/** @param name The file's name, for messages to the student. @throws {ManifestError} */
export function parseManifest(text: string, name: string = MANIFEST): Manifest {
  const problem = (what: string): ManifestError => new ManifestError(`${name}${what}`);
  let content: unknown;
  try {
    content = parseStudentYaml(text) ?? {};
  } catch (error) {
    throw problem(` is not valid YAML: ${whatIsWrong(error)}`);
  }
  if (!isMapping(content)) throw problem(' must be a mapping of keys to values, such as "deploy: script"');
  const [unknown] = Object.keys(content).filter((key) => !KEYS.includes(key));
  if (unknown !== undefined)
    throw problem(`: unknown key "${unknown}"; ${meant(unknown, KEYS)}the keys are ${KEYS.join(', ')}`);
  const { deploy, file, roles, timeout } = content;
  try {
    const manifest: Manifest = { roles: rolesOf(roles) };
    if (deploy !== undefined) manifest.deploy = deployOf(deploy);
    if (file !== undefined) manifest.file = fileOf(file);
    if (timeout !== undefined) manifest.timeout = timeoutOf(timeout);
    return manifest;
  } catch (error) {
    throw error instanceof WrongValue ? problem(`: ${error.message}`) : error;
  }
}

/** What is wrong with one key's value. */
class WrongValue extends Error {}

/** @returns `did you mean …? `, or nothing when no known word is near. */
export function meant(word: string, known: string[]): string {
  const [likely] = near(word.slice(0, LONGEST_WORD), known);
  return likely === undefined ? '' : `did you mean "${likely}"? `;
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function deployOf(value: unknown): (typeof DEPLOYS)[number] {
  const known = DEPLOYS.find((each) => each === value);
  if (known !== undefined) return known;
  const likely = typeof value === 'string' ? meant(value, [...DEPLOYS]) : '';
  throw new WrongValue(`deploy must be ${DEPLOYS.join(', ')}; ${likely}it is ${JSON.stringify(value)}`);
}

function fileOf(value: unknown): string {
  if (typeof value !== 'string' || value === '') throw new WrongValue('file must be a file name');
  // On Windows, a path has backslashes.
  const normal = path.posix.normalize(value.replaceAll('\\', '/'));
  if (path.posix.isAbsolute(normal) || normal.startsWith('..')) {
    throw new WrongValue(`file must lie inside the submission; it is ${JSON.stringify(value)}`);
  }
  return normal;
}

function rolesOf(value: unknown): Record<string, string> {
  if (value === undefined || value === null) return {};
  if (!isMapping(value))
    throw new WrongValue("roles must map each role to a container's name: { role: your-container }");
  return Object.fromEntries(
    Object.entries(value).map(([role, container]) => {
      if (typeof container !== 'string') throw new WrongValue(`roles.${role} must be a container's name`);
      return [role, container];
    }),
  );
}

function timeoutOf(value: unknown): number {
  if (typeof value !== 'number' || !(value > 0) || value > LONGEST_TIMEOUT) {
    throw new WrongValue(
      `timeout must be a number of seconds up to ${LONGEST_TIMEOUT}; it is ${JSON.stringify(value)}`,
    );
  }
  return value;
}
