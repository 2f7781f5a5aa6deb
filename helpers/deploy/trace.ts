/**
 * Notes which commands a script ran, with file and line, and which of them failed, so that a report can name the command
 * that ended it. bash itself notes them: before it runs a script, it reads the file that BASH_ENV names (bash(1),
 * "INVOCATION"). That file sets traps.
 */
import path from 'node:path';
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import type { TextFile } from '../submission/submission.ts';

/** A command that a script ran, as bash prints it. */
export interface TracedCommand {
  /** The script, relative to the folder in which the submission was started. */
  file: string;
  line: number;
  /** At most 300 characters. */
  command: string;
  /** Present if it failed. */
  exitCode?: number;
  /** Present if the script ended at this command, because it failed under `set -e`. */
  ends?: true;
}

/**
 * Writes a record of each command into the file $NETGRADE_TRACE, ended by a zero byte: `D`, or `E<exit code>:<options>` for a
 * command that failed, then the script, the line and the command, with tabs between. A line is noted three times at most, so
 * that a loop makes no large file and costs little; at most fifty failures are noted. What `set -x` prints of the traps goes
 * nowhere, and `$_` stays as the script left it. Each trap is one line: in a second one, LINENO would not be the script's.
 */
const PROGRAM = `__netgrade=()
__netgrade_failures=0
set -o functrace -o errtrace
trap '{ __netgrade_was=("$?:$-" "$_"); if ((__netgrade_failures < 50)); then printf "E%s\\t%s\\t%s\\t%s\\0" "\${__netgrade_was[0]}" "\${BASH_SOURCE[0]}" "$LINENO" "\${BASH_COMMAND:0:300}" >>"$NETGRADE_TRACE"; fi; __netgrade_failures=$((__netgrade_failures + 1)); : "\${__netgrade_was[1]}"; } 2>/dev/null' ERR
trap '{ __netgrade_last=$_; if ((\${__netgrade[LINENO]:=0} < 3)); then __netgrade[LINENO]=$((__netgrade[LINENO] + 1)); printf "D\\t%s\\t%s\\t%s\\0" "\${BASH_SOURCE[0]}" "$LINENO" "\${BASH_COMMAND:0:300}" >>"$NETGRADE_TRACE"; fi; : "$__netgrade_last"; } 2>/dev/null' DEBUG
`;
/** A script that sets such traps itself keeps them: ours would be replaced by them, or change when they run. */
const OWN_TRAPS = /\btrap\b[^\n]*\b(DEBUG|ERR|RETURN)\b/;
const FOLDER = '.netgrade-trace';
const PREPARING_MS = 20_000;
/** At most so many commands are kept: the first half of them are the first ones, the others the last ones. */
const MOST_COMMANDS = 200;
/** A record; see PROGRAM. */
const NOTE = /^(?:D|E(\d+):(\w*))\t([^\t]*)\t(\d+)\t([^]*)$/;

/** A trace that is being written on a lab host. */
export interface Trace {
  /** To be put before the script's command, so that only what the student wrote is traced. */
  before: string[];
  /**
   * @param folder Where the submission was started, on the lab host.
   * @returns the commands in their order; none when nothing was noted.
   */
  read(folder: string): Promise<TracedCommand[]>;
}

/**
 * @param texts The submission's files.
 * @returns undefined when the script cannot be traced. It is run nevertheless.
 */
export async function startTrace(host: LabHost, texts: Pick<TextFile, 'text'>[]): Promise<Trace | undefined> {
  if (texts.some(({ text }) => OWN_TRAPS.test(text))) return undefined;
  const folder = path.posix.join(host.workplace, FOLDER);
  const [program, notes] = [path.posix.join(folder, 'program'), path.posix.join(folder, 'notes')];
  const { exitCode } = await host.run({
    argv: ['sh', '-c', 'mkdir -p "$1" && rm -f "$3" && printf %s "$4" >"$2"', 'sh', folder, program, notes, PROGRAM],
    cwd: host.workplace,
    env: host.environment,
    timeoutMs: PREPARING_MS,
    maxOutput: 1000,
  });
  if (exitCode !== 0) return undefined;
  return {
    before: ['env', `BASH_ENV=${program}`, `NETGRADE_TRACE=${notes}`],
    read: async (started) => tracedIn((await host.readText(notes)) ?? '', started),
  };
}

/**
 * The commands in the notes. Those of other programs (a wrapper for `sudo`), and of no file (`bash -c`), are left out:
 * the command that called them is there.
 *
 * @param folder Where the submission was started, on the lab host.
 */
export function tracedIn(notes: string, folder: string): TracedCommand[] {
  const commands: TracedCommand[] = [];
  for (const note of notes.split('\0')) {
    const [, code, options = '', source = '', line = '', text = ''] = NOTE.exec(note) ?? [];
    const file = path.posix.isAbsolute(source) ? path.posix.relative(folder, source) : path.posix.normalize(source);
    if (source === '' || source === 'environment' || file.startsWith('..')) continue;
    const next: TracedCommand = { file, line: Number(line), command: text.trim() };
    const last = commands.at(-1);
    const isLast = last?.file === file && last.command === next.command;
    // bash notes the failed command once more: for the trap, and as the first line when a trap on EXIT runs.
    if (isLast && code === undefined && (last.line === next.line || last.ends)) continue;
    if (!isLast || last.line !== next.line || last.exitCode !== undefined) commands.push(next);
    if (code === undefined) continue;
    Object.assign(commands.at(-1)!, { exitCode: Number(code) }, options.includes('e') ? { ends: true } : {});
  }
  if (commands.length <= MOST_COMMANDS) return commands;
  return [...commands.slice(0, MOST_COMMANDS / 2), ...commands.slice(-MOST_COMMANDS / 2)];
}
