/** Checks values of options. */
import { UsageError } from '../base/failure.ts';

/** @throws {UsageError} when it is none of those. */
export function oneOf<T extends string>(option: string, value: string, known: readonly T[]): T {
  const found = known.find((each) => each === value);
  if (found === undefined) throw new UsageError(`${option} "${value}" is not one of: ${known.join(', ')}`);
  return found;
}

/**
 * @returns the number, if there is one.
 * @throws {UsageError} when it is not a number within the range.
 */
export function number(
  option: string,
  text: string | undefined,
  range: { from: number; to: number; whole: boolean },
): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  const fits =
    text.trim() !== '' && value >= range.from && value <= range.to && (!range.whole || Number.isInteger(value));
  if (fits) return value;
  throw new UsageError(
    `${option} takes a${range.whole ? ' whole' : ''} number from ${range.from} to ${range.to}; it is "${text}"`,
  );
}
