/** How a command ends: its exit code, and what went wrong in a sentence. */
import { InfrastructureError, UsageError, reasonOf } from '../base/failure.ts';
import { inert, oneLine } from '../base/inert.ts';
import { isOnRunner, resumeCommands, stopCommands } from '../report/formats/github/commands.ts';
import { isBelow, isComplete, type StudentRecord } from '../report/record.ts';

export const EXIT = { done: 0, belowMinScore: 1, usage: 2, infrastructure: 3 };

/** @param records What the command was asked for. */
export function exitCodeOf(records: StudentRecord[], minScore: number | undefined): number {
  if (!records.every((record) => isComplete(record))) return EXIT.infrastructure;
  return records.some((record) => isBelow(record, minScore)) ? EXIT.belowMinScore : EXIT.done;
}

/**
 * Runs a command on what was typed, and ends the process with the exit code that it returns. A GitHub runner obeys nothing
 * that it prints, because that may be a student's text.
 *
 * @param failed Called with the reason when the command fails.
 */
export async function endWith(
  main: (argv: string[]) => Promise<number>,
  failed?: (reason: string) => void,
): Promise<void> {
  if (isOnRunner(process.env)) stopCommands(process.stdout, process.stderr);
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    // The message may contain a name that a student chose.
    console.error(`netgrade: ${messageOf(error)}`);
    failed?.(reasonOf(error));
    process.exitCode = error instanceof UsageError ? EXIT.usage : EXIT.infrastructure;
  }
  resumeCommands(process.stdout);
  // Everything is written and removed by now. Without this call, a stream that the engine left open would keep the process alive.
  process.stdout.write('', () => process.exit());
}

/** Of a usage error all lines, because the usage is among them; of an internal one, too, because it is for our eyes. */
function messageOf(error: unknown): string {
  if (error instanceof InfrastructureError) return oneLine(error.message);
  if (error instanceof UsageError) return inert(error.message);
  return inert(`internal error: ${(error as Error).stack ?? String(error)}`);
}
