/** A process inside a container as a pair of streams: how the grader talks to the agent in a lab host. */
import { PassThrough, type Duplex, type Readable, type Writable } from 'node:stream';
import { finished, pipeline } from 'node:stream/promises';
import type Docker from 'dockerode';

const MOST_OUTPUT = 2_000;

export interface ProcessStreams {
  input: Writable;
  output: Readable;
}

/** The part of docker-modem that dockerode's types leave out. */
interface Demultiplexer {
  demuxStream(stream: Duplex, output: Writable, error: Writable): void;
}

/** Starts `argv` in a running container; the streams end when it does. Its standard error is dropped. */
export async function execStreams(container: Docker.Container, argv: string[]): Promise<ProcessStreams> {
  const exec = await container.exec({ Cmd: argv, AttachStdin: true, AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({ hijack: true, stdin: true });
  return { input: stream, output: demultiplex(container, stream) };
}

/**
 * Runs `argv` in a running container with a stream as its standard input.
 *
 * @returns its exit code, and the beginning of what it printed.
 */
export async function feed(
  container: Docker.Container,
  argv: string[],
  input: Readable,
): Promise<{ exitCode: number | null; output: string }> {
  const exec = await container.exec({ Cmd: argv, AttachStdin: true, AttachStdout: true, AttachStderr: true });
  const stream = await exec.start({ hijack: true, stdin: true });
  const printed = new PassThrough();
  (container.modem as Demultiplexer).demuxStream(stream, printed, printed);
  const ended = finished(stream, { writable: false }).catch(() => undefined); // likewise
  await pipeline(input, stream).catch(() => undefined); // it ended before it read all: its exit code says why
  await ended;
  printed.end();
  const output = (await printed.toArray()).join('').slice(0, MOST_OUTPUT);
  return { exitCode: (await exec.inspect()).ExitCode, output };
}

/** The standard output in a stream without a terminal, in which the engine interleaves both outputs in frames. */
export function demultiplex(container: Docker.Container, stream: Duplex): PassThrough {
  const output = new PassThrough();
  const dropped = new PassThrough();
  dropped.resume();
  // See "Attach to a container" in the API reference.
  (container.modem as Demultiplexer).demuxStream(stream, output, dropped);
  stream.once('end', () => output.end());
  stream.once('close', () => output.end());
  stream.once('error', () => output.end());
  return output;
}
