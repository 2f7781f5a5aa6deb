/** Home folders with ssh files in them. */
import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Makes a home folder with these files under .ssh; a file in a folder there is named as `folder/file`. */
export function makeHome(files: Record<string, string>): string {
  const home = mkdtempSync(path.join(os.tmpdir(), 'netgrade-home-'));
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(home, '.ssh', name);
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(file, content);
    chmodSync(file, 0o600);
  }
  return home;
}
