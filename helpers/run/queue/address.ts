/** The address of a queue, as it is typed and as it may be shown. */
import { UsageError } from '../../base/failure.ts';

/**
 * A queue's address without its password.
 *
 * @throws {UsageError} when it is not such an address.
 */
export function withoutPassword(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  if (parsed === undefined || !['redis:', 'rediss:'].includes(parsed.protocol))
    throw new UsageError(`--queue takes the address of a Redis, like redis://127.0.0.1:6379; it is "${url}"`);
  if (parsed.password !== '') parsed.password = '…';
  return decodeURI(parsed.href);
}
