/** The probe agent's source, as it is copied into a lab host: Node runs the TypeScript as it stands. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

const PROBE = path.resolve(import.meta.dirname, '../probe');

export async function agentFiles(): Promise<{ content: string; target: string }[]> {
  const agent = (await readdir(path.join(PROBE, 'agent'))).map((file) => `agent/${file}`);
  return Promise.all(
    ['protocol.ts', ...agent].map(async (file) => ({
      content: await readFile(path.join(PROBE, file), 'utf8'),
      target: `/netgrade/probe/${file}`,
    })),
  );
}
