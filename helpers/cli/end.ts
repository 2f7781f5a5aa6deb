/** How a command ends: its exit code, and what went wrong in a sentence. */
import { InfrastructureError, UsageError, reasonOf } from '../base/failure.ts';
import { inert } from '../report/terminal.ts';

export const EXIT = { done: 0, belowMinScore: 1, usage: 2, infrastructure: 3 };

/**
 * Runs a command on what was typed, and ends the process with the exit code that it returns.
 *
 * @param failed Called with the reason when the command fails.
 */
export async function endWith(
  main: (argv: string[]) => Promise<number>,
  failed?: (reason: string) => void,
): Promise<void> {
  try {
    process.exitCode = await main(process.argv.slice(2));
  } catch (error) {
    const known = error instanceof UsageError || error instanceof InfrastructureError;
    const reason = known ? reasonOf(error) : `internal error: ${(error as Error).stack ?? String(error)}`;
    // The message may contain a name that a student chose.
    console.error(`netgrade: ${inert(reason)}`);
    failed?.(reasonOf(error));
    process.exitCode = error instanceof UsageError ? EXIT.usage : EXIT.infrastructure;
  }
  // Everything is written and removed by now. Without this call, a stream that the engine left open would keep the process alive.
  process.stdout.write('', () => process.exit());
}
