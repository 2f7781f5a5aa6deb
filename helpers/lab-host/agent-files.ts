/** The probe agent as it is copied into a lab host: one file, because a Node that starts there has better things to do. */
import path from 'node:path';
import { bundled } from '../bundle.ts';

const AGENT = path.resolve(import.meta.dirname, '../probe/agent/main.ts');
const POLICY = path.resolve(import.meta.dirname, '../policy');
/** What is started on the lab host; the modules that it imports are in the image. */
export const AGENT_PROGRAM = '/netgrade/agent/main.cjs';

let files: Promise<{ content: string; target: string }[]> | undefined;

export function agentFiles(): Promise<{ content: string; target: string }[]> {
  files ??= bundled(AGENT, 'lab-host', [POLICY]).then((content) => [{ content, target: AGENT_PROGRAM }]);
  return files;
}
