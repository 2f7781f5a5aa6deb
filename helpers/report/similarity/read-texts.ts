/**
 * Reads the texts in a student's folder carefully, because they may have been made to do harm. No link is followed,
 * only regular files are opened, and everything has a limit. What is beyond the limit is left out.
 */
import { opendir } from 'node:fs/promises';
import path from 'node:path';
import { readPlainFile } from '../../base/plain-file.ts';

export interface TextFile {
  /** Relative to the folder, with slashes. */
  file: string;
  text: string;
}

/** A Compose file or a script is a few kilobytes; what is larger was not written by hand. */
const LARGEST_FILE = 32 * 1024;
const MOST_BYTES = 128 * 1024;
const MOST_FILES = 60;
const MOST_ENTRIES = 2000;
const DEEPEST = 6;
const LEFT_OUT = ['node_modules', '__pycache__', 'venv'];
/** Hidden files are an editor's or git's, but this one belongs to Compose. */
const HIDDEN_BUT_READ = '.env';

/**
 * @param wanted By a file's name; others are not opened.
 * @returns them in the order of their paths; none for a folder that cannot be read.
 */
export async function readTexts(folder: string, wanted: (name: string) => boolean): Promise<TextFile[]> {
  const files = (await walk(folder, wanted)).sort();
  const texts: TextFile[] = [];
  let bytes = 0;
  for (const file of files.slice(0, MOST_FILES)) {
    const content = await contentOf(path.join(folder, file), MOST_BYTES - bytes);
    if (content === undefined) continue;
    bytes += content.length;
    const text = decoded(content);
    if (text !== undefined) texts.push({ file: file.split(path.sep).join('/'), text });
  }
  return texts;
}

/** Breadth first: what a student wrote is near the top. */
async function walk(root: string, wanted: (name: string) => boolean): Promise<string[]> {
  const files: string[] = [];
  const folders = [{ folder: '', depth: 0 }];
  let entries = 0;
  for (let next = folders.shift(); next !== undefined; next = folders.shift()) {
    try {
      for await (const entry of await opendir(path.join(root, next.folder))) {
        if (++entries > MOST_ENTRIES) return files;
        const { name } = entry;
        if ((name.startsWith('.') && name !== HIDDEN_BUT_READ) || LEFT_OUT.includes(name)) continue;
        const below = path.join(next.folder, name);
        if (entry.isDirectory() && next.depth < DEEPEST) folders.push({ folder: below, depth: next.depth + 1 });
        else if (entry.isFile() && wanted(name)) files.push(below);
      }
    } catch {
      // The folder cannot be read, or is gone: leave it out.
    }
  }
  return files;
}

/** @returns undefined if it is not a regular file (any more), or too large. */
async function contentOf(file: string, most: number): Promise<Buffer | undefined> {
  const content = await readPlainFile(file, Math.min(LARGEST_FILE, most)).catch(() => undefined);
  return typeof content === 'string' ? undefined : content;
}

/** @returns undefined for what is not text in UTF-8. */
function decoded(content: Buffer): string | undefined {
  if (content.includes(0)) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(content);
  } catch {
    return undefined;
  }
}
