/** Parses a command line by Node's own parseArgs. */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { reasonOf, UsageError } from '../base/failure.ts';
import { instead } from '../base/near.ts';

/**
 * @param config The configuration of parseArgs.
 * @param usage It is shown after the error.
 * @throws {UsageError} for an unknown option, with options of similar names, and for one with too many or too few values.
 */
export function parsedArguments<T extends ParseArgsConfig>(config: T, usage: string): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs(config);
  } catch (error) {
    throw new UsageError(`${reasonFor(error, Object.keys(config.options ?? {}))}\n\n${usage}`);
  }
}

function reasonFor(error: unknown, known: string[]): string {
  const { code } = error as NodeJS.ErrnoException;
  const unknown = code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' ? /'-+([^']+)'/.exec(reasonOf(error))?.[1] : undefined;
  if (unknown === undefined) return reasonOf(error);
  const options = known.map((name) => `--${name}`);
  return `there is no option "--${unknown}"; ${instead(`--${unknown}`, options, 'the options are')}`;
}
