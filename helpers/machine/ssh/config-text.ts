/**
 * Reads the user's ssh config as one text. Each `Include` line is replaced by the files that it names, because the library
 * that parses the config does not do that. As ssh_config(5) says, patterns are relative to ~/.ssh, a missing file is not an
 * error, and an include inside a section counts only if that section counts.
 */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../../base/failure.ts';

/** As many as OpenSSH allows. */
const DEPTH_LIMIT = 16;
const DIRECTIVE = /^\s*(\w+)(?:\s*=\s*|\s+)(.*?)\s*$/;
/** Starts a section that always counts. It is put after an include, so that the lines that follow are in their old scope again. */
const EVERYWHERE = 'Host *';

/**
 * Reads ~/.ssh/config.
 *
 * @param counts Whether a section with this first line applies to the host in question.
 * @returns the empty text when there is no config.
 * @throws {UsageError} when files include each other endlessly.
 */
export function readConfig(home: string, counts: (header: string) => boolean): string {
  return expand(path.join(home, '.ssh/config'), { home, counts, depth: 0 }).join('\n');
}

interface Reading {
  home: string;
  counts: (header: string) => boolean;
  depth: number;
}

function expand(file: string, reading: Reading): string[] {
  if (reading.depth > DEPTH_LIMIT) throw new UsageError(`${file}: ssh configs include each other without an end`);
  const lines: string[] = [];
  let section = EVERYWHERE;
  for (const line of readLines(file)) {
    const [, keyword = '', value = ''] = DIRECTIVE.exec(line) ?? [];
    if (/^(host|match)$/i.test(keyword)) section = line.trim();
    if (keyword.toLowerCase() !== 'include') lines.push(line);
    else if (section === EVERYWHERE || reading.counts(section)) {
      const included = filesOf(value, reading.home).flatMap((each) =>
        expand(each, { ...reading, depth: reading.depth + 1 }),
      );
      lines.push(...included, section);
    }
  }
  return lines;
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, 'utf8').split(/\r?\n/);
  } catch (error) {
    const { code = 'unknown' } = error as NodeJS.ErrnoException;
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(code)) return [];
    throw new UsageError(`${file} cannot be read (${code})`);
  }
}

function filesOf(value: string, home: string): string[] {
  const patterns = [...value.matchAll(/"([^"]*)"|(\S+)/g)].map(([, inQuotes, plain]) => inQuotes ?? plain ?? '');
  return patterns.flatMap((pattern) => {
    const atHome = pattern.replace(/^~(?=\/)/, home);
    return globSync(path.resolve(home, '.ssh', atHome)).sort();
  });
}
