/**
 * How the probe agent gets to where it runs: through its standard input, ahead of the first question.
 *
 * Not by the engine's own way (`docker cp`): with a kernel before 6.6, engines of summer 2026 copy nothing into any
 * container (moby/go-archive#103; seen with Debian's docker.io 28.5.2+dfsg4-5 on Linux 6.1).
 */
import path from 'node:path';
import { bundled } from '../../base/bundle.ts';

const AGENT = path.resolve(import.meta.dirname, '../probe/agent/main.ts');
const POLICY = path.resolve(import.meta.dirname, '../policy');
const BASE = path.resolve(import.meta.dirname, '../../base');
/** One file, because a Node that starts there has better things to do; the modules that it imports are in the image. */
const TARGET = '/netgrade/agent/main.cjs';
/** `head -c` takes not a byte more than it is told to: what follows is for the agent. */
const RECEIVE = 'mkdir -p "${2%/*}" && head -c "$1" > "$2" && shift && exec node "$@"';

export interface AgentProgram {
  /** The command that is to run there, as root. */
  argv: string[];
  /** The first that it has to read. */
  program: Buffer;
}

let bundle: Promise<string> | undefined;

export async function agentProgram(...args: string[]): Promise<AgentProgram> {
  const program = Buffer.from(await (bundle ??= bundled(AGENT, 'lab-host', [POLICY, BASE])));
  return { argv: ['sh', '-c', RECEIVE, 'sh', String(program.length), TARGET, ...args], program };
}
