/** Texts that take long to make, kept on disk from run to run, beside the installed modules: a new installation begins anew. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

const MODULES = path.resolve(import.meta.dirname, '../../node_modules');
const CACHE = path.join(MODULES, '.cache/netgrade');

/**
 * Reads what was made before of the same source, or makes and keeps it.
 *
 * @param kind The folder of texts of this kind.
 * @param source Everything that the text depends on, the version of what makes it included.
 */
export async function cached(kind: string, source: string, make: () => Promise<string>): Promise<string> {
  const file = path.join(CACHE, kind, createHash('sha256').update(source).digest('hex').slice(0, 24));
  const kept = await readFile(file, 'utf8').catch(() => undefined); // not made yet
  if (kept !== undefined) return kept;
  const text = await make();
  await keep(file, text).catch(() => undefined); // a read-only checkout keeps nothing: it is made each time
  return text;
}

/** Writes the file completely or not at all, because several runs may do this at once. */
async function keep(file: string, text: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(`${file}.${process.pid}`, text);
  await rename(`${file}.${process.pid}`, file);
}

/** The version of an installed module. */
export async function versionOf(name: string): Promise<string> {
  const text = await readFile(path.join(MODULES, name, 'package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
