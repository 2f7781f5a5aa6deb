/** Runs a process inside a container and gives its input and output as streams. The grader talks to the agent this way. */
import { PassThrough, type Duplex, type Readable, type Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import type Docker from 'dockerode';

const MOST_OUTPUT = 2_000;

export interface ProcessStreams {
  input: Writable;
  output: Readable;
  /** Its standard error. Somebody has to read it, or the output stops. */
  errors: Readable;
}

/** The part of docker-modem that dockerode's types leave out. */
interface Demultiplexer {
  demuxStream(stream: Duplex, output: Writable, error: Writable): void;
}

/** Starts `argv` in a running container. The streams end when the process ends. */
export async function execStreams(container: Docker.Container, argv: string[]): Promise<ProcessStreams> {
  const exec = await container.exec({ Cmd: argv, AttachStdin: true, AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({ hijack: true, stdin: true });
  return { input: stream, ...demultiplex(container, stream) };
}

/**
 * Runs `argv` in a running container with a stream as its standard input.
 *
 * @returns its exit code, and the beginning of what it printed.
 * @throws what the input stream ended with, if it failed: the process took what it got until then for all.
 */
export async function feed(
  container: Docker.Container,
  argv: string[],
  input: Readable,
): Promise<{ exitCode: number | null; output: string }> {
  const exec = await container.exec({ Cmd: argv, AttachStdin: true, AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({ hijack: true, stdin: true });
  let unread: Error | undefined;
  input.once('error', (error: Error) => {
    if (!stream.destroyed) unread = error; // otherwise it only failed because the process had ended
  });
  const printed = new PassThrough();
  (container.modem as Demultiplexer).demuxStream(stream, printed, printed);
  const ended = finished(stream, { writable: false }).catch(() => undefined); // the exit code says why
  await pipeline(input, stream).catch(() => undefined); // the process ended before it read everything: its exit code says why
  await ended;
  printed.end();
  if (unread !== undefined) throw unread;
  const output = (await printed.toArray()).join('').slice(0, MOST_OUTPUT);
  return { exitCode: (await exec.inspect()).ExitCode, output };
}

/** Takes both outputs out of the engine's stream. Without a terminal, that stream has them in frames. */
export function demultiplex(container: Docker.Container, stream: Duplex): Pick<ProcessStreams, 'output' | 'errors'> {
  const [output, errors] = [new PassThrough(), new PassThrough()];
  // See "Attach to a container" in the API reference.
  (container.modem as Demultiplexer).demuxStream(stream, output, errors);
  for (const event of ['end', 'close', 'error'])
    stream.once(event, () => {
      errors.end();
      output.end();
    });
  return { output, errors };
}
