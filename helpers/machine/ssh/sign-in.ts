/** The steps of a connection: reaching a machine, checking its key, signing in. */
import { once } from 'node:events';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import ssh2, { type Client } from 'ssh2';
import { InfrastructureError, reasonOf, UsageError } from '../../base/failure.ts';
import type { HostKeys } from './host-keys.ts';
import type { Identities } from './identities.ts';
import type { SshTarget } from './target.ts';

const CONNECT_MS = 20_000;
const HANDSHAKE_MS = 20_000;
/** A question every 5 s. After two in a row without an answer the other machine counts as gone: within 15 seconds. */
const KEEP_ALIVE = { keepaliveInterval: 5_000, keepaliveCountMax: 2 };
/** How long to try one of a host's several addresses. Node's own limit, a quarter of a second, is too short for a distant one. */
const ADDRESS_MS = 3_000;
/** The reason "administratively prohibited" of RFC 4254, 5.1. */
const PROHIBITED = 1;

/** One machine on the way to the target, with what all connections to this machine share. */
export interface Hop {
  target: SshTarget;
  hostKeys: HostKeys;
  identities: Identities;
}

/** Connects from this machine. @throws {InfrastructureError} */
export async function connect({ asTyped, hostName, port }: SshTarget): Promise<net.Socket> {
  const socket = net.connect({ host: hostName, port, autoSelectFamilyAttemptTimeout: ADDRESS_MS });
  try {
    await once(socket, 'connect', { signal: AbortSignal.timeout(CONNECT_MS) });
    socket.setNoDelay(true);
    return socket;
  } catch (error) {
    socket.destroy();
    throw new InfrastructureError(`${asTyped} cannot be reached: ${whyUnreachable(error, hostName, port)}`);
  }
}

function whyUnreachable(error: unknown, hostName: string, port: number): string {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (code === 'ABORT_ERR' || code === 'ETIMEDOUT') return `${hostName} did not answer on port ${port} in time`;
  if (code === 'ECONNREFUSED') return `nothing listens on port ${port} of ${hostName} (${code})`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `the name ${hostName} is not known (${code})`;
  return `${hostName}, port ${port}: ${reasonOf(error) || code}`;
}

/** Connects from a jump host to the next machine. @throws {UsageError} {InfrastructureError} */
export function forward(client: Client, { asTyped, hostName, port }: SshTarget): Promise<Duplex> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new InfrastructureError(`${asTyped} cannot be reached over its jump host: no answer in ${CONNECT_MS} ms`));
    }, CONNECT_MS);
    client.forwardOut('127.0.0.1', 0, hostName, port, (error, channel) => {
      clearTimeout(timer);
      if (!error) resolve(channel);
      else if ((error as { reason?: unknown }).reason === PROHIBITED) {
        reject(
          new UsageError(
            `${asTyped} cannot be reached over its jump host: the sshd there does not forward connections ` +
              '(AllowTcpForwarding, PermitOpen or DisableForwarding in its sshd_config)',
          ),
        );
      } else reject(new InfrastructureError(`${asTyped} cannot be reached over its jump host: ${error.message}`));
    });
  });
}

/** Checks the host's key, then signs in. @throws {UsageError} {InfrastructureError} */
export function signIn({ target, hostKeys, identities }: Hop, socket: Duplex): Promise<Client> {
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    const { handler, refusal } = identities.attempt();
    let untrusted: UsageError | undefined;
    const fail = (error: Error): void => {
      client.end();
      socket.destroy();
      reject(error);
    };
    const onError = (error: Error & { level?: string }): void => {
      if (error.level === 'agent') return; // the next key is tried
      if (untrusted !== undefined) fail(untrusted);
      else if (error.level === 'client-authentication' || /too many authentication/i.test(error.message)) {
        fail(refusal(error.message));
      } else fail(new InfrastructureError(`${target.asTyped}: ${error.message}`));
    };
    const onClose = (): void => {
      fail(untrusted ?? new InfrastructureError(`${target.asTyped}: the connection ended before anybody was let in`));
    };
    client
      .once('ready', () => {
        client.removeListener('error', onError).removeListener('close', onClose);
        resolve(client);
      })
      .once('close', onClose);
    client.on('error', onError);
    // Later errors say nothing new. But without a listener, Node would end this process.
    client.on('error', () => undefined);
    client.connect({
      sock: socket,
      username: target.user,
      readyTimeout: HANDSHAKE_MS,
      ...KEEP_ALIVE,
      algorithms: { serverHostKey: hostKeys.signatures() },
      hostVerifier: (key: Buffer) => {
        untrusted = hostKeys.refusalOf(key);
        return untrusted === undefined;
      },
      authHandler: handler,
    });
  });
}
