/** The probe agent's source, as it is copied into a lab host: Node runs the TypeScript as it stands. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';

const PROBE = path.resolve(import.meta.dirname, '../probe');
const FILES = ['protocol.ts', 'agent/main.ts', 'agent/network.ts', 'agent/run.ts', 'agent/sandbox.ts'];

export function agentFiles(): Promise<{ content: string; target: string }[]> {
  return Promise.all(
    FILES.map(async (file) => ({
      content: await readFile(path.join(PROBE, file), 'utf8'),
      target: `/netgrade/probe/${file}`,
    })),
  );
}
