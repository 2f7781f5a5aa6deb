/**
 * Workflow commands: lines on a step's output that a GitHub runner obeys. Escapes are those that the runner undoes
 * (actions/runner, ActionCommand.cs); it reads standard output and standard error alike.
 */
import { randomBytes } from 'node:crypto';
import { inert } from '../../terminal.ts';

export interface Stream {
  write(text: string): unknown;
}

export type Level = 'notice' | 'warning' | 'error';

/** An annotation: `::level title=…::message`. */
export function annotation(level: Level, title: string, message: string): string {
  return `::${level} title=${escapeProperty(inert(title))}::${escapeData(inert(message))}`;
}

function escapeData(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}

/** Whether a GitHub runner reads what this process prints. Runners of other makers set the same variable. */
export function isOnRunner(env: NodeJS.ProcessEnv): boolean {
  return env['GITHUB_ACTIONS'] === 'true';
}

/** The token that resumes commands, by the stream on which they are stopped. */
const stopped = new WeakMap<Stream, string>();

/**
 * From here on the runner takes nothing that is printed for a command, whatever a student wrote, but what `command` prints.
 * Standard error is redirected to standard output: the runner reads the two streams independently, so late text on one
 * could otherwise be obeyed while commands are taken on the other. Where they are stopped already, nothing is done.
 */
export function stopCommands(stdout: Stream, stderr: Stream): void {
  if (stopped.has(stdout)) return;
  stderr.write = stdout.write.bind(stdout);
  stdout.write(`${stop(stdout)}\n`);
}

/** Prints commands for the runner to obey, each of one line. */
export function command(stdout: Stream, commands: string[]): void {
  const token = stopped.get(stdout);
  // One piece: nothing else gets in between.
  const lines = token === undefined ? commands : ['', `::${token}::`, ...commands, stop(stdout)];
  stdout.write(lines.map((line) => `${line}\n`).join(''));
}

/** Lets the runner take commands again, of whatever comes after this process in the same step. */
export function resumeCommands(stdout: Stream): void {
  const token = stopped.get(stdout);
  stopped.delete(stdout);
  // It needs a line of its own, even if the last text did not end with a line break.
  if (token !== undefined) stdout.write(`\n::${token}::\n`);
}

/** @returns the command that stops commands until a token comes that nobody has seen. */
function stop(stdout: Stream): string {
  const token = randomBytes(24).toString('hex');
  stopped.set(stdout, token);
  return `::stop-commands::${token}`;
}
