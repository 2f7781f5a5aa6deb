/**
 * Containers, networks and images may be removed at any time: by a submission, or on a machine in use by others. That
 * something is gone is then an answer like any other, and no error.
 */

/** What an engine says of a container that it is just removing (20.10 to 28.5), with status 409 or 500. */
const BEING_REMOVED = /marked for removal|removal of container \S+ is already in progress/i;
/** What it says when it cannot pause, resume or stop a container in its state, with status 304, 409 or 500. */
const NOT_NOW = /is not running|is restarting|already paused|is not paused|cannot pause a stopped|already stopped/i;

/** What the gate says in the engine's place when the engine does not answer; see helpers/machine/gate/gate.ts. */
const NO_ENGINE = 502;

interface EngineError {
  statusCode?: number;
  message?: string;
}

/**
 * Asks an engine about something, or changes it.
 *
 * @returns undefined when it does not exist any more, or is just being removed.
 */
export function orGone<T>(work: () => Promise<T>): Promise<T | undefined> {
  return unless(isGone, work);
}

/**
 * Pauses, resumes or stops a container.
 *
 * @returns undefined also when the container's state does not allow it: it has ended, or it was done already.
 */
export function orNotNow<T>(work: () => Promise<T>): Promise<T | undefined> {
  return unless((error) => isGone(error) || NOT_NOW.test(error.message ?? ''), work);
}

/** Whether an engine refused what it was asked. Otherwise it did not answer, and it is not known what it did. */
export function isRefusal(error: unknown): boolean {
  const { statusCode = NO_ENGINE } = error as EngineError;
  return statusCode !== NO_ENGINE;
}

async function unless<T>(isFact: (error: EngineError) => boolean, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (isFact(error as EngineError)) return undefined;
    throw error;
  }
}

function isGone({ statusCode, message = '' }: EngineError): boolean {
  return statusCode === 404 || BEING_REMOVED.test(message);
}
