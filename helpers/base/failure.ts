/**
 * The two errors that end an operation early. They say whose fault it is. A student's fault is never an exception: it
 * is recorded as a fact.
 */

/** A fault of ours, of the machine or of the network: the lab's status is `error`, no point is lost, exit code 3. */
export class InfrastructureError extends Error {
  override name = 'InfrastructureError';
}

/** Something that the person who typed the command can correct: exit code 2. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** The message of whatever was thrown, for a person to read. */
export function reasonOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}
