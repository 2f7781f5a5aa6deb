/** What the course gives out for a lab (`starters/<lab>/`), and whether a submission was made from it. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Tests run at the project's root. */
export const STARTERS = path.resolve('starters');

/** Files that a student fills in; all others are used as they are. */
const FILLED_IN = /^(?:run|host[12])\.sh$|^answers\.yaml$/;

/** @returns the paths of a lab's given files in its folder, in order. */
export function starterFiles(lab: string): string[] {
  const folder = path.join(STARTERS, lab);
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}

/** @returns the given files that a submission's folder does not have, neither as they are nor filled in. */
export function notMadeFrom(lab: string, folder: string): string[] {
  return starterFiles(lab).filter((file) => {
    const handedIn = path.join(folder, file);
    if (!existsSync(handedIn)) return true;
    const [given, found] = [path.join(STARTERS, lab, file), handedIn].map((each) => readFileSync(each, 'utf8'));
    return FILLED_IN.test(file) ? !isFilledIn(given!, found!) : given !== found;
  });
}

/** Whether each given line, or its question, begins a line of the text, in the same order. */
export function isFilledIn(given: string, text: string): boolean {
  const left = text.split('\n').values();
  const begins = (line: string): boolean => {
    for (const each of left) if (each.startsWith(line)) return true;
    return false;
  };
  return given
    .split('\n')
    .filter((line) => line !== '')
    .every((line) => begins(line.replace(/\[\]$/, '')));
}
