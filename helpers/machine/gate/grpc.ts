/** Passes gRPC between a client and the engine, over connections that were upgraded to HTTP/2. */
import http2 from 'node:http2';
import type { Duplex } from 'node:stream';

/** Bytes of a request that is read before it is passed on: as many as BuildKit itself takes. */
const READ_LIMIT = 16 * 1024 * 1024;

export interface Reading {
  /** Whether requests of this path are read before they are passed on; other requests pass through. */
  reads: (path: string) => boolean;
  /** @returns what is passed on in a request's place. If it throws, the request is refused with the error's message. */
  read: (path: string, body: Buffer) => Promise<Buffer>;
}

/** Begins to pass on. When either connection ends, the other one does, too. */
export function passGrpc(client: Duplex, engine: Duplex, reading: Reading): void {
  const asServer = http2.performServerHandshake(client);
  const asClient = http2.connect('http://engine', { createConnection: () => engine });
  for (const [one, other] of [
    [asServer, asClient],
    [asClient, asServer],
  ] as const) {
    one.on('error', () => {
      other.destroy();
    });
    one.on('close', () => {
      other.destroy();
    });
  }
  asServer.on('stream', (stream, headers) => {
    stream.on('error', () => undefined); // its end is passed on below
    pass(stream, headers, asClient, reading).catch((error: unknown) => {
      refuse(stream, error);
    });
  });
}

async function pass(
  stream: http2.ServerHttp2Stream,
  headers: http2.IncomingHttpHeaders,
  engine: http2.ClientHttp2Session,
  { reads, read }: Reading,
): Promise<void> {
  const path = headers[':path'] ?? '';
  const body = reads(path) ? await read(path, await bodyOf(stream)) : undefined;
  if (stream.destroyed) return;
  const asked = engine.request(headers);
  asked.on('error', () => undefined);
  stream.on('close', () => {
    asked.close(stream.rstCode);
  });
  asked.on('close', () => {
    if (!stream.writableEnded) stream.close(asked.rstCode);
  });
  asked.on('response', (answer, flags) => {
    if (stream.destroyed) return;
    if ((flags & http2.constants.NGHTTP2_FLAG_END_STREAM) !== 0) {
      stream.respond(answer, { endStream: true });
      return;
    }
    stream.respond(answer, { waitForTrailers: true });
    let trailers: http2.IncomingHttpHeaders = {};
    asked.on('trailers', (last: http2.IncomingHttpHeaders) => {
      trailers = last;
    });
    stream.on('wantTrailers', () => {
      stream.sendTrailers(trailers);
    });
    asked.pipe(stream);
  });
  if (body === undefined) stream.pipe(asked);
  else asked.end(body);
}

/** Not by `for await`, which would also end the other direction. */
function bodyOf(stream: http2.ServerHttp2Stream): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let length = 0;
    stream.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length <= READ_LIMIT) {
        chunks.push(chunk);
        return;
      }
      chunks = []; // what still comes is read, but not kept
      reject(new Error(`a message of more than ${READ_LIMIT} bytes`));
    });
    stream.once('end', () => {
      resolve(Buffer.concat(chunks));
    });
    stream.once('close', () => {
      reject(new Error('the request was ended'));
    });
  });
}

/** Answers with gRPC's status "unavailable". */
function refuse(stream: http2.ServerHttp2Stream, error: unknown): void {
  if (stream.destroyed || stream.headersSent) return;
  const message = encodeURIComponent(error instanceof Error ? error.message : String(error));
  const headers = { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '14', 'grpc-message': message };
  stream.respond(headers, { endStream: true });
}
