/** The machine on the other end of an ssh connection: commands, files and sockets there. */
import type { Duplex } from 'node:stream';
import { InfrastructureError } from '../../base/failure.ts';
import { packFolder } from '../lab-host/pack-folder.ts';
import { TEXT_LIMIT } from '../../base/plain-file.ts';
import type { RunAnswer } from '../probe/protocol.ts';
import { ChannelStream } from './channel-stream.ts';
import { Connection, hopsTo } from './connection.ts';
import { Connections } from './connections.ts';
import { listenThere } from './listen.ts';
import { Mark } from './mark.ts';
import { quoted } from './quote.ts';
import { runThrough, type RemoteCommand } from './remote-run.ts';
import type { SshTarget } from './target.ts';
import type { Contents } from '../../submission/contents.ts';

const START_MS = 20_000;
const SMALL_MS = 20_000;
const UPLOAD_MS = 300_000;
const REMOVE_MS = 60_000;
const SMALL_OUTPUT = 4_096;
/** Characters. A text of TEXT_LIMIT bytes never has more, so nothing of it is left out. */
const TEXT_OUTPUT = 4 * TEXT_LIMIT;
const NO_FILE = 44;
/** The paths that makeFolder makes. removeFolder refuses any other path. */
const FOLDER = /^\/tmp\/netgrade-\w+$/;

export class SshMachine implements AsyncDisposable {
  readonly user: string;
  readonly hostName: string;
  /** The address that the connection goes to, as this machine sees it; undefined when it goes through a jump host. */
  readonly address: string | undefined;
  /** Resolves when the connection is lost. It does not when this program closed it. */
  readonly lost: Promise<InfrastructureError>;
  readonly #connections: Connections;

  private constructor(target: SshTarget, connections: Connections) {
    this.user = target.user;
    this.hostName = target.hostName;
    this.#connections = connections;
    const { first } = connections;
    this.address = first.address;
    this.lost = new Promise((resolve) =>
      first.onEnd((end) => {
        if (!first.wasClosed) resolve(end);
      }),
    );
  }

  /**
   * Connects, through the target's jump hosts.
   *
   * @throws {UsageError} when a host key is unknown, changed or revoked, or the user is not let in.
   * @throws {InfrastructureError} when the machine cannot be reached, or not in time.
   */
  static async connect(
    target: SshTarget,
    options: { acceptHostKey: boolean; env: NodeJS.ProcessEnv; say(text: string): void },
  ): Promise<SshMachine> {
    const hops = await hopsTo(target, options);
    const open = (): Promise<Connection> => Connection.open(hops);
    return new SshMachine(target, new Connections(await open(), open));
  }

  /**
   * Runs a command as the probe agent's `run` does. Its environment is only what is given, or that of the login when nothing is
   * given. At the timeout its whole process group is killed. When there is no such command, the output is what the shell says,
   * and the exit code is 127.
   *
   * @throws {InfrastructureError} when the connection ends, or `cwd` is not there.
   */
  run(command: Omit<RemoteCommand, 'input'>): Promise<RunAnswer> {
    return runThrough(this.#connections, command);
  }

  /**
   * Runs a command as one stream, its standard input and output. When it fails before it says anything, the last line of
   * its standard error is the stream's error.
   *
   * @throws {InfrastructureError} when it does not start.
   */
  async dial(argv: string[]): Promise<Duplex> {
    const mark = new Mark();
    const { channel, connection, exit } = await this.#connections.exec(
      `exec sh -c ${quoted([`${mark.shell}; exec ${quoted(argv)}`])}`,
    );
    const stream = new ChannelStream(channel, connection, { mark, exit });
    const late = new InfrastructureError(`\`${argv.join(' ')}\` did not start in ${START_MS} ms`);
    const timer = setTimeout(() => stream.destroy(late), START_MS);
    // The caller does not have the stream yet: `started` throws its errors until then.
    const ignore = (): void => undefined;
    stream.on('error', ignore);
    try {
      await stream.started;
      if (stream.errored !== null) throw stream.errored;
      stream.removeListener('error', ignore);
      return stream;
    } finally {
      clearTimeout(timer);
    }
  }

  /**
   * Listens on a unix socket of the other machine, as this user, and passes every connection to `onConnection`. Disposing of
   * the result also ends these connections.
   *
   * @throws {UsageError} when its sshd does not allow it, or the socket cannot be made.
   */
  listenOn(socketPath: string, onConnection: (stream: Duplex) => void): Promise<AsyncDisposable> {
    return listenThere(this, this.#connections.first, socketPath, onConnection);
  }

  /**
   * Copies a folder's regular files, folders and symbolic links (as links) to `target` there.
   *
   * @throws {InfrastructureError}
   */
  async upload(source: Contents, target: string): Promise<void> {
    const { exitCode, output } = await runThrough(this.#connections, {
      argv: ['tar', '-x', '-o', '-p', '-f', '-', '-C', '/'],
      timeoutMs: UPLOAD_MS,
      maxOutput: SMALL_OUTPUT,
      input: packFolder(source, target, { changeable: true }),
    });
    if (exitCode !== 0) throw this.#failed(`copying files to ${target}`, output);
  }

  /** A regular file's text, cut at 64 KiB; undefined if there is none, or none that this user may read. */
  async readText(path: string): Promise<string | undefined> {
    const script = `[ -f "$1" ] && [ -r "$1" ] || exit ${NO_FILE}; exec head -c ${TEXT_LIMIT} "$1"`;
    const { exitCode, output } = await this.#small(['sh', '-c', script, 'sh', path], TEXT_OUTPUT);
    if (exitCode === NO_FILE) return undefined;
    if (exitCode !== 0) throw this.#failed(`reading ${path}`, output);
    return output;
  }

  /** Makes a folder of this run's own under /tmp there, mode 700. */
  async makeFolder(): Promise<string> {
    const { exitCode, output } = await this.#small(['mktemp', '-d', '/tmp/netgrade-XXXXXXXXXX']);
    const folder = output.trim();
    if (exitCode !== 0 || !FOLDER.test(folder)) throw this.#failed('making a folder in /tmp', output);
    return folder;
  }

  /**
   * Removes a folder that `makeFolder` made, with everything in it.
   *
   * @throws {InfrastructureError} when something is left: what containers wrote into it may belong to somebody else.
   */
  async removeFolder(folder: string): Promise<void> {
    if (!FOLDER.test(folder)) throw new Error(`${folder} is not a folder that was made here`);
    const script = 'rm -rf "$1" 2>/dev/null || { chmod -R u+rwX "$1"; rm -rf "$1"; }';
    const { exitCode, output } = await this.run({
      argv: ['sh', '-c', script, 'sh', folder],
      timeoutMs: REMOVE_MS,
      maxOutput: SMALL_OUTPUT,
    });
    if (exitCode !== 0) throw this.#failed(`removing ${folder}`, output);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#connections.close();
  }

  #small(argv: string[], maxOutput = SMALL_OUTPUT): Promise<RunAnswer> {
    return this.run({ argv, timeoutMs: SMALL_MS, maxOutput });
  }

  #failed(what: string, output: string): InfrastructureError {
    const reason = output.trim().split('\n').at(-1) || 'no answer in time';
    return new InfrastructureError(`${what} on ${this.hostName} failed: ${reason}`);
  }
}
