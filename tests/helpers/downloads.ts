/** Classes as learning platforms hand them out, as folders or as one zip. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { packZip } from '../attacks/archive.ts';

/** Names with slashes, and what is in the files. */
export type Files = Record<string, string | Buffer>;

/** Puts files into a folder. */
export function putAll(folder: string, files: Files): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
}

export function zipOf(files: Files): Buffer {
  return packZip(Object.entries(files).map(([name, content]) => ({ name, content })));
}

/** One zip, of these files. */
export function putZip(file: string, files: Files): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, zipOf(files));
}

/** Moodle's "Download all submissions", with a folder for each student. @param work By name and participant's number. */
export function moodleFolders(work: Record<string, Files>): Files {
  return Object.fromEntries(
    Object.entries(work).flatMap(([who, files]) =>
      Object.entries(files).map(([name, content]) => [`${who}_assignsubmission_file/${name}`, content]),
    ),
  );
}
