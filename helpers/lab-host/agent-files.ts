/**
 * The probe agent's source, as it is copied into a lab host: with its types removed here, once, because Node would take
 * a tenth of a second for that in every sandbox.
 */
import { readdir, readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import path from 'node:path';

const AGENT = path.resolve(import.meta.dirname, '../probe/agent');
const TARGET = '/netgrade/agent';
/** What is started on the lab host. */
export const AGENT_PROGRAM = `${TARGET}/main.mjs`;

let files: Promise<{ content: string; target: string }[]> | undefined;

export function agentFiles(): Promise<{ content: string; target: string }[]> {
  files ??= readAgent();
  return files;
}

async function readAgent(): Promise<{ content: string; target: string }[]> {
  const names = await readdir(AGENT);
  return Promise.all(
    names.map(async (name) => {
      const source = stripTypeScriptTypes(await readFile(path.join(AGENT, name), 'utf8'));
      // The agent's files import one another and Node's own modules; what they import of others are types.
      const content = source.replace(/(from '\.\/[\w-]+)\.ts'/g, "$1.mjs'");
      return { content, target: `${TARGET}/${name.replace(/\.ts$/, '.mjs')}` };
    }),
  );
}
