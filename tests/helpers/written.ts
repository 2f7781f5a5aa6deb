/** What report formats write and print, as text. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { PageAssets } from '../../helpers/report/page/page.ts';
import { ChosenFormats } from '../../helpers/report/formats/chosen.ts';
import { Layouts } from '../../helpers/report/pages/picture/layout.ts';
import { writePages } from '../../helpers/report/pages/write-pages.ts';
import type { StudentRecord } from '../../helpers/report/record.ts';
import type { Roster } from '../../helpers/report/formats/roster.ts';
import { NOW } from './records.ts';

export interface Written {
  /** By name; those that a GitHub runner reads are `output`, decoded, and `summary`. */
  files: Record<string, string>;
  printed: string;
}

const BARE: PageAssets = { style: '' };

/** Writes formats into a folder that is removed again. */
export async function written(names: string[], records: StudentRecord[], rosters: Roster[] = []): Promise<Written> {
  const out = mkdtempSync(path.join(os.tmpdir(), 'netgrade-formats-'));
  const env = { GITHUB_OUTPUT: path.join(out, 'output'), GITHUB_STEP_SUMMARY: path.join(out, 'summary') };
  try {
    if (names.includes('github')) for (const file of Object.values(env)) writeFileSync(file, '');
    let printed = '';
    const stream = (): { write: (text: string) => void } => ({ write: (text) => void (printed += text) });
    const place = { out, env, now: NOW, rosters, stdout: stream(), stderr: stream() };
    // The pages' own styles and script are not for Jest; browser tests have them.
    if (names.includes('html')) {
      const assets = { classPage: BARE, studentPage: BARE };
      await writePages(records, out, { assets, layouts: new Layouts(), now: NOW });
    }
    const others = names.filter((name) => name !== 'html');
    await new ChosenFormats(others, place).write(records);
    const files = readdirSync(out).map((name): [string, string] => {
      const text = readFileSync(path.join(out, name), 'utf8');
      return [name, name === 'output' ? decoded(text) : text];
    });
    return { files: Object.fromEntries(files), printed };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

function decoded(outputs: string): string {
  return outputs.replace(/^result=(.*)$/m, (_, base64: string) => Buffer.from(base64, 'base64').toString('utf8'));
}
