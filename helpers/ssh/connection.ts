/** One authenticated connection to a machine, over its jump hosts. */
import { once } from 'node:events';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import ssh2, { type Client, type ClientChannel } from 'ssh2';
import { InfrastructureError, reasonOf, UsageError } from '../failure.ts';
import { HostKeys, type HostKeyOptions } from './host-keys.ts';
import { Identities } from './identities.ts';
import type { SshTarget } from './target.ts';

const CONNECT_MS = 20_000;
const HANDSHAKE_MS = 20_000;
const CLOSE_MS = 2_000;
/** A dead peer is noticed when this many in a row went unanswered: within 15 seconds. */
const KEEP_ALIVE = { keepaliveInterval: 5_000, keepaliveCountMax: 2 };
/** How long one address of several is waited for: a distant one takes more than Node's quarter of a second. */
const ADDRESS_MS = 3_000;
/** "Administratively prohibited", of the reasons of RFC 4254, 5.1. */
const PROHIBITED = 1;

/** How a command ended; empty while it runs, and one of the two afterwards. */
export interface Exit {
  code?: number | null;
  signal?: string | undefined;
}

export interface RunningCommand {
  channel: ClientChannel;
  connection: Connection;
  /**
   * ssh2 says this only once, and for a quick command before anybody who waits for the command has it. The channel's
   * `exit` event only tells that it is there now.
   */
  exit: Exit;
}

/** One machine on the way, with what all connections to it share. */
export interface Hop {
  target: SshTarget;
  hostKeys: HostKeys;
  identities: Identities;
}

/** The machines on the way to a target, in order, itself the last. */
export function hopsTo(target: SshTarget, options: HostKeyOptions & { env: NodeJS.ProcessEnv }): Promise<Hop[]> {
  return Promise.all(
    [...target.jumps, target].map(async (each) => ({
      target: each,
      hostKeys: new HostKeys(each, options),
      identities: await Identities.gather(each, options.env),
    })),
  );
}

export class Connection {
  readonly client: Client;
  /** Where it goes to, as this machine sees it; undefined when that is a jump host. */
  readonly address: string | undefined;
  /** Settles when it ends, closed or not. */
  readonly ended: Promise<InfrastructureError>;
  readonly #clients: Client[];
  /** When each of them is closed. */
  readonly #gone: Promise<void>[];
  readonly #name: string;
  readonly #watchers = new Set<(end: InfrastructureError) => void>();
  #end: InfrastructureError | undefined;
  #closing = false;

  private constructor(clients: Client[], name: string, address: string | undefined) {
    this.#clients = clients;
    this.client = clients.at(-1)!;
    this.#gone = clients.map(
      (client) =>
        new Promise<void>((resolve) => {
          client.once('close', () => {
            resolve();
          });
        }),
    );
    this.#name = name;
    this.address = address;
    this.ended = new Promise((resolve) => this.onEnd(resolve));
    let reason = 'the machine closed it';
    for (const client of clients) {
      client.on('error', (error) => {
        reason = error.level === 'client-timeout' ? 'the machine does not answer any more' : error.message;
      });
    }
    this.client.once('close', () => {
      this.#ends(reason);
    });
  }

  /**
   * @throws {UsageError} when a host key is not to be trusted, or the user is not let in.
   * @throws {InfrastructureError} when a machine on the way cannot be reached.
   */
  static async open(hops: Hop[]): Promise<Connection> {
    const clients: Client[] = [];
    let address: string | undefined;
    try {
      for (const hop of hops) {
        const before = clients.at(-1);
        const socket = before === undefined ? await connect(hop.target) : await forward(before, hop.target);
        if (hops.length === 1 && socket instanceof net.Socket) address = socket.remoteAddress;
        clients.push(await signIn(hop, socket));
      }
    } catch (error) {
      for (const client of clients.reverse()) client.end();
      throw error;
    }
    return new Connection(clients, hops.at(-1)?.target.asTyped ?? '', address);
  }

  /** Calls back once when the connection ends, now if it has already. @returns a function that takes this back. */
  onEnd(watcher: (end: InfrastructureError) => void): () => void {
    if (this.#end === undefined) this.#watchers.add(watcher);
    else watcher(this.#end);
    return () => this.#watchers.delete(watcher);
  }

  get isOpen(): boolean {
    return this.#end === undefined;
  }

  get wasClosed(): boolean {
    return this.#closing;
  }

  /**
   * Has the login shell there run a line.
   *
   * @throws {ChannelRefused} when this connection has no room for one more.
   * @throws {InfrastructureError} when the connection ends before.
   */
  exec(line: string): Promise<RunningCommand> {
    return new Promise((resolve, reject) => {
      const settle = this.onEnd(reject);
      if (!this.isOpen) return;
      const failed = (error: unknown): void => {
        settle();
        reject(this.#end ?? new ChannelRefused(reasonOf(error)));
      };
      try {
        this.client.exec(line, (error, channel) => {
          if (error) {
            failed(error);
            return;
          }
          settle();
          const exit: Exit = {};
          channel.once('exit', (code: number | null, signal?: string) => Object.assign(exit, { code, signal }));
          resolve({ channel, connection: this, exit });
        });
      } catch (error) {
        failed(error);
      }
    });
  }

  /** Ends it and its way over jump hosts; it is over then. */
  async close(): Promise<void> {
    this.#closing = true;
    for (const [i, client] of [...this.#clients.entries()].reverse()) {
      client.end();
      await Promise.race([this.#gone[i], delay(CLOSE_MS, undefined, { ref: false })]);
      client.destroy();
    }
    this.#ends('it was closed');
  }

  #ends(reason: string): void {
    if (this.#end !== undefined) return;
    this.#end = new InfrastructureError(`the connection to ${this.#name} ended: ${reason}`);
    for (const client of this.#clients) client.end();
    for (const watcher of this.#watchers) watcher(this.#end);
    this.#watchers.clear();
  }
}

/** A command could not be started on a connection that goes on. */
export class ChannelRefused extends Error {
  override name = 'ChannelRefused';
}

async function connect({ asTyped, hostName, port }: SshTarget): Promise<net.Socket> {
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

/** A connection from a jump host to the next machine. */
function forward(client: Client, { asTyped, hostName, port }: SshTarget): Promise<Duplex> {
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

/** Checks the host's key, then signs in. */
function signIn({ target, hostKeys, identities }: Hop, socket: Duplex): Promise<Client> {
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
      if (error.level === 'agent') return; // The next key is tried.
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
    // What comes after the first error says nothing new, but has to be listened to.
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
