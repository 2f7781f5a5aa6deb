/** Listens on a unix socket of the other machine. Its connections arrive here, by OpenSSH's remote forwarding (`ssh -R`). */
import type { Duplex } from 'node:stream';
import type { AcceptConnection, UNIXConnectionDetails } from 'ssh2';
import { UsageError } from '../../base/failure.ts';
import type { RunAnswer } from '../probe/protocol.ts';
import { ChannelStream } from './channel-stream.ts';
import type { Connection } from './connection.ts';
import type { RemoteCommand } from './remote-run.ts';

const ANSWER_MS = 20_000;
const SMALL_MS = 10_000;
const SMALL_OUTPUT = 1_000;

/** Runs small commands on the machine: they check and remove the socket's file. */
interface Shell {
  readonly user: string;
  readonly hostName: string;
  run(command: Omit<RemoteCommand, 'input'>): Promise<RunAnswer>;
}

export async function listenThere(
  machine: Shell,
  connection: Connection,
  socketPath: string,
  onConnection: (stream: Duplex) => void,
): Promise<AsyncDisposable> {
  const { client } = connection;
  const streams = new Set<Duplex>();
  const receive = (details: UNIXConnectionDetails, accept: AcceptConnection): void => {
    if (details.socketPath !== socketPath) return;
    const stream = new ChannelStream(accept(), connection);
    streams.add(stream);
    stream.once('close', () => streams.delete(stream));
    onConnection(stream);
  };
  client.on('unix connection', receive);
  try {
    await answered(connection, (done) => client.openssh_forwardInStreamLocal(socketPath, done));
  } catch {
    // sshd gives no reason for a refusal: whyNot looks for one.
    client.removeListener('unix connection', receive);
    if (!connection.isOpen) throw await connection.ended;
    throw new UsageError(await whyNot(machine, socketPath));
  }
  return {
    [Symbol.asyncDispose]: async () => {
      client.removeListener('unix connection', receive);
      for (const stream of streams) stream.destroy();
      if (!connection.isOpen) return; // the socket's file stays, and is removed together with its folder
      // Errors are passed over: the socket's folder is removed next, and that reports what is left.
      await answered(connection, (done) => client.openssh_unforwardInStreamLocal(socketPath, done)).catch(
        () => undefined,
      );
      await machine
        .run({ argv: ['rm', '-f', socketPath], timeoutMs: SMALL_MS, maxOutput: SMALL_OUTPUT })
        .catch(() => undefined);
    },
  };
}

function answered(connection: Connection, ask: (done: (error?: Error | null) => void) => unknown): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      reject(new Error(`no answer in ${ANSWER_MS} ms`));
    }, ANSWER_MS);
    const forget = connection.onEnd(reject);
    ask((error) => {
      clearTimeout(timer);
      forget();
      if (error) reject(error);
      else resolve();
    });
  });
}

/** Finds out why sshd refused. If nothing is wrong with the path, sshd's configuration must be the reason. */
async function whyNot(machine: Shell, socketPath: string): Promise<string> {
  const script =
    '[ -e "$1" ] && echo there; folder=$(dirname "$1"); [ -d "$folder" ] && [ -w "$folder" ] || echo "not writable"';
  const { output } = await machine.run({
    argv: ['sh', '-c', script, 'sh', socketPath],
    timeoutMs: SMALL_MS,
    maxOutput: SMALL_OUTPUT,
  });
  const start = `${machine.hostName}: no socket could be made at ${socketPath}`;
  if (output.includes('there')) return `${start}: something is there already`;
  if (output.includes('not writable')) return `${start}: ${machine.user} may not write into its folder`;
  return (
    `${start}: its sshd does not forward sockets. In its sshd_config, AllowStreamLocalForwarding has to be \`yes\` ` +
    '(or `remote`) and DisableForwarding `no`, as they are by default; then sshd has to read it again.'
  );
}
