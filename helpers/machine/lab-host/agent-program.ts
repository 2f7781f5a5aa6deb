/**
 * How the probe agent's program gets to the machine where it runs: through standard input, before the first question.
 *
 * `docker cp` is not used, because with a kernel before 6.6, engines of summer 2026 copy nothing into any container
 * (moby/go-archive#103; seen with Debian's docker.io 28.5.2+dfsg4-5 on Linux 6.1).
 */
import path from 'node:path';
import { bundled } from '../../base/bundle.ts';

const AGENT = path.resolve(import.meta.dirname, '../probe/agent/main.ts');
const POLICY = path.resolve(import.meta.dirname, '../policy');
const BASE = path.resolve(import.meta.dirname, '../../base');
/** The program is one file, so that Node starts it quickly. Only the module of which a part is compiled is in the image. */
const TARGET = '/netgrade/agent/main.cjs';
/** Writes the program to its file, then starts it. `head -c` reads exactly the program: what follows is for the agent. */
const RECEIVE = 'mkdir -p "${2%/*}" && head -c "$1" > "$2" && shift && exec node "$@"';

export interface AgentProgram {
  /** The command to run there, as root. */
  argv: string[];
  /** What to write to its standard input first. */
  program: Buffer;
}

let bundle: Promise<string> | undefined;

export async function agentProgram(...args: string[]): Promise<AgentProgram> {
  const program = Buffer.from(await (bundle ??= bundled(AGENT, 'lab-host', [POLICY, BASE])));
  return { argv: ['sh', '-c', RECEIVE, 'sh', String(program.length), TARGET, ...args], program };
}
