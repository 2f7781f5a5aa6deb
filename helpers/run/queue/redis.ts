/** The connection to the Redis that a queue lives in. */
import { Redis } from 'ioredis';
import { InfrastructureError, reasonOf } from '../../base/failure.ts';
import { withoutPassword } from './address.ts';

const CONNECT_MS = 10_000;
/** Between two tries to connect again. */
const RETRY_MS = 500;

/**
 * Connects to a Redis. Later, a lost connection is made again, without a limit: callers have deadlines of their own.
 *
 * @param url `redis://[[user]:password@]host[:port][/database]`, or `rediss://…` over TLS.
 * @throws {UsageError} when it is no such address, {InfrastructureError} when no Redis answers there.
 */
export async function connect(url: string): Promise<Redis> {
  const where = withoutPassword(url);
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: CONNECT_MS,
    // BullMQ requires this: a command waits until the connection is back.
    maxRetriesPerRequest: null,
    retryStrategy: () => RETRY_MS,
  });
  // The error that ends the attempt only says that the connection is closed; the reason comes in an earlier event.
  let trouble: string | undefined;
  redis.on('error', (error) => {
    trouble = reasonOf(error);
  });
  const tooLate = new Promise<never>((_, reject) => {
    setTimeout(() => {
      reject(new Error('no answer'));
    }, CONNECT_MS).unref();
  });
  try {
    await Promise.race([redis.connect().then(() => redis.ping()), tooLate]);
    return redis;
  } catch (error) {
    redis.disconnect();
    throw new InfrastructureError(
      `no Redis to be used at ${where} (${trouble ?? reasonOf(error)}): start one there, or give --queue the address and password of one`,
    );
  }
}
