/** One authenticated connection to a machine, over its jump hosts. */
import net from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Client, ClientChannel } from 'ssh2';
import { InfrastructureError, reasonOf } from '../../base/failure.ts';
import { HostKeys, type HostKeyOptions } from './host-keys.ts';
import { Identities } from './identities.ts';
import { connect, forward, signIn, type Hop } from './sign-in.ts';
import type { SshTarget } from './target.ts';

const CLOSE_MS = 2_000;
/** How a command ended. It is empty while the command runs; afterwards it has one of the two. */
export interface Exit {
  code?: number | null;
  signal?: string | undefined;
}

export interface RunningCommand {
  channel: ClientChannel;
  connection: Connection;
  /**
   * Filled in when the command ends. ssh2 reports that only once, by the channel's `exit` event. For a quick command this
   * comes before the caller has the channel, so the caller looks here, too.
   */
  exit: Exit;
}

/** The machines on the way to a target, in order; the target is the last. */
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
  /** The other machine's address, as this machine sees it; undefined when a jump host is between. */
  readonly address: string | undefined;
  /** Resolves when the connection ends, whether it was closed or lost. */
  readonly ended: Promise<InfrastructureError>;
  readonly #clients: Client[];
  /** For each client: resolves when it is closed. */
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

  /** Calls `watcher` once when the connection ends, or now if it has ended. @returns a function that removes the watcher. */
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
   * Runs a line in the login shell of the other machine.
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

  /** Closes the connection, and those to the jump hosts on its way. It has ended when this returns. */
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

/** The other machine refused to start one more command; the connection itself goes on. */
export class ChannelRefused extends Error {
  override name = 'ChannelRefused';
}
