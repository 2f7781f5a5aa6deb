/**
 * Whose fault it is. These two cover everything that ends an operation early; a student's fault is never an
 * exception but a recorded fact.
 */

/** Ours, the machine's or the network's: the lab's status becomes `error`, no point is lost, exit code 3. */
export class InfrastructureError extends Error {
  override name = 'InfrastructureError';
}

/** The person who typed the command can mend it: exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** The message of whatever was thrown, for a person to read. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
