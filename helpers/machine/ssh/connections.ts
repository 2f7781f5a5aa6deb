/**
 * Opens as many connections as commands need. sshd runs at most ten commands at once on each of them (MaxSessions), or fewer
 * if its configuration says so.
 */
import { UsageError } from '../../base/failure.ts';
import { ChannelRefused, type Connection, type RunningCommand } from './connection.ts';

const COMMANDS_LIMIT = 8;

interface Member {
  /** Commands that run or are being started. */
  running: number;
  limit: number;
  connection: Promise<Connection>;
}

export class Connections {
  readonly first: Connection;
  readonly #open: () => Promise<Connection>;
  #members: Member[];
  #closed = false;

  /** @param open Opens one more connection like the first. */
  constructor(first: Connection, open: () => Promise<Connection>) {
    this.first = first;
    this.#open = open;
    this.#members = [{ running: 0, limit: COMMANDS_LIMIT, connection: Promise.resolve(first) }];
  }

  /**
   * Starts a command on a connection that has room.
   *
   * @throws {InfrastructureError} when the machine cannot be reached (any more).
   * @throws {UsageError} when it runs no commands at all.
   */
  async exec(line: string): Promise<RunningCommand> {
    for (;;) {
      if (this.#closed || !this.first.isOpen) throw await this.first.ended;
      const member = this.#withRoom();
      member.running++;
      const leave = (): void => {
        member.running--;
      };
      const connection = await member.connection.catch((error: unknown) => {
        this.#members = this.#members.filter((each) => each !== member);
        throw error;
      });
      try {
        const command = await connection.exec(line);
        command.channel.once('close', leave);
        return command;
      } catch (error) {
        leave();
        if (!(error instanceof ChannelRefused)) throw error;
        if (member.running === 0) {
          throw new UsageError(`the machine starts no command: ${error.message} (MaxSessions in its sshd_config)`);
        }
        // This machine allows fewer commands per connection than usual: the next commands get another connection.
        member.limit = Math.min(member.limit, member.running);
      }
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    const connections = await Promise.allSettled(this.#members.map(({ connection }) => connection));
    // The first connection is closed last, because its loss is reported as the loss of the machine.
    for (const result of connections.reverse()) if (result.status === 'fulfilled') await result.value.close();
  }

  #withRoom(): Member {
    const known = this.#members.find(({ running, limit }) => running < limit);
    if (known !== undefined) return known;
    const member: Member = { running: 0, limit: COMMANDS_LIMIT, connection: this.#open() };
    this.#members.push(member);
    void member.connection.then(
      (connection) =>
        connection.onEnd(() => {
          this.#members = this.#members.filter((each) => each !== member);
        }),
      () => undefined,
    );
    return member;
  }
}
