/** The command lines as `npm run …` starts them; see helpers/machine/setup/programs.mjs. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';

/** What an npm script of ours starts in the end: a test that starts it itself can send it signals. */
export function madeOf(program: string): string {
  return path.resolve(`node_modules/.cache/netgrade/programs/${program}.mjs`);
}

/** Jest calls this once, before the first test: what is tested is what the sources say now. */
export default function makePrograms(): void {
  const { status, stderr } = spawnSync(process.execPath, ['helpers/machine/setup/programs.mjs'], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`the programs could not be made:\n${stderr}`);
}
