/** Parses a command line by Node's own parseArgs. */
import { parseArgs, type ParseArgsConfig } from 'node:util';
import { reasonOf, UsageError } from '../base/failure.ts';
import { instead } from '../base/near.ts';

/** What an option of type string means where it stands without a value: where none of its values follows. */
export type Bare = Record<string, { means: string; values: readonly string[] }>;

/**
 * @param config The configuration of parseArgs.
 * @param usage It is shown after the error.
 * @param bare Options that may stand without a value.
 * @throws {UsageError} for an unknown option, with options of similar names, and for one with too many or too few values.
 */
export function parsedArguments<T extends ParseArgsConfig & { args: string[] }>(
  config: T,
  usage: string,
  bare: Bare = {},
): ReturnType<typeof parseArgs<T>> {
  try {
    return parseArgs({ ...config, args: withValues(config.args, bare) });
  } catch (error) {
    throw new UsageError(`${reasonFor(error, Object.keys(config.options ?? {}))}\n\n${usage}`);
  }
}

function withValues(args: string[], bare: Bare): string[] {
  const end = args.indexOf('--');
  return args.map((word, i) => {
    const option = bare[word.replace(/^--/, '')];
    if (!word.startsWith('--') || option === undefined || (end !== -1 && i > end)) return word;
    return option.values.includes(args[i + 1] ?? '') ? word : `${word}=${option.means}`;
  });
}

function reasonFor(error: unknown, known: string[]): string {
  const { code } = error as NodeJS.ErrnoException;
  const unknown = code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION' ? /'-+([^']+)'/.exec(reasonOf(error))?.[1] : undefined;
  if (unknown === undefined) return reasonOf(error);
  const options = known.map((name) => `--${name}`);
  return `there is no option "--${unknown}"; ${instead(`--${unknown}`, options, 'the options are')}`;
}
