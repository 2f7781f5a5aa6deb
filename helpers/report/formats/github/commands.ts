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

/**
 * From here on the runner takes nothing that is printed for a command, whatever a student wrote. Standard error is
 * redirected to standard output: the runner reads the two streams independently, so late text on one could otherwise be
 * obeyed after commands were resumed on the other.
 *
 * @returns a function that resumes commands.
 */
export function stopCommands(stdout: Stream, stderr: Stream): () => void {
  const token = randomBytes(24).toString('hex');
  stderr.write = stdout.write.bind(stdout);
  stdout.write(`::stop-commands::${token}\n`);
  return () => {
    // It needs a line of its own, even if the last text did not end with a line break.
    stdout.write(`\n::${token}::\n`);
  };
}
