/** A way to the grading host's engine on which a test holds up what it wants to: everything else passes as it comes. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import type { Duplex } from 'node:stream';

const ENGINE = '/var/run/docker.sock';

export interface EngineDoor extends AsyncDisposable {
  /** For DOCKER_HOST. */
  url: string;
  /** As if the engine were killed: every connection breaks, and no other is accepted. */
  cut: () => void;
  /** As if it were stopped: connections are accepted and stay open, and nothing comes through them any more. */
  hang: () => void;
}

/**
 * @param hold Asked about each request; it goes on when what this returns is done. What it throws is the answer.
 * @param engine The socket that it leads to.
 * @param images Images that are other ones behind this door: what each name stands for.
 */
export async function openDoor(
  hold: (method: string, url: string) => Promise<void>,
  engine = ENGINE,
  images: Record<string, string> = {},
): Promise<EngineDoor> {
  const renamed = (text: string): string =>
    Object.entries(images).reduce((so, [name, meant]) => so.replaceAll(name, meant), text);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'netgrade-door-'));
  const socketPath = path.join(folder, 'docker.sock');
  const sockets = new Set<Duplex>();
  let hangs = false;
  const server = http.createServer({ requestTimeout: 0, keepAliveTimeout: 0 }, (request, response) => {
    const { method = '', url = '', rawHeaders } = request;
    if (hangs) return;
    void hold(method, url).then(async () => {
      const makes = url.includes('/containers/create');
      const body = makes ? Buffer.from(renamed(await text(request))) : undefined;
      const headers = body === undefined ? rawHeaders : { ...request.headers, 'content-length': body.length };
      const way = { socketPath: engine, method, path: renamed(url), headers: headers as never };
      const asked = http.request(way, (reply) => {
        response.writeHead(reply.statusCode ?? 502, reply.rawHeaders).flushHeaders();
        reply.pipe(response);
      });
      asked.on('error', () => response.destroy());
      response.once('close', () => asked.destroy()); // nobody waits for the engine's answer any more
      if (body === undefined) request.pipe(asked);
      else asked.end(body);
    }, refuse(response));
  });
  server.on('connection', (socket) => sockets.add(socket));
  server.on('upgrade', ({ method, url, rawHeaders }: http.IncomingMessage, socket: Duplex, head: Buffer) => {
    if (hangs) return;
    const there = net.connect({ path: engine, allowHalfOpen: true });
    const lines = rawHeaders.map((text, i) => (i % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join('');
    // In one piece, as they came: what comes after the headers is a body, which an engine drops only if it comes with them.
    there.write(Buffer.concat([Buffer.from(`${method} ${url} HTTP/1.1\r\n${lines}\r\n`, 'latin1'), head]));
    socket.pipe(there).pipe(socket);
    for (const each of [socket, there]) each.on('error', () => each.destroy());
    sockets.add(there);
  });
  server.listen(socketPath);
  await once(server, 'listening');
  const cut = (): void => {
    server.close();
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `unix://${socketPath}`,
    cut,
    hang: () => {
      hangs = true;
      for (const socket of sockets) socket.unpipe().pause();
    },
    [Symbol.asyncDispose]: async () => {
      const closed = once(server, 'close');
      if (server.listening) cut();
      else server.emit('close');
      await closed;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** In the engine's own format. */
function refuse(response: http.ServerResponse): (error: Error) => void {
  return ({ message }) =>
    response.writeHead(500, { 'Content-Type': 'application/json' }).end(JSON.stringify({ message }));
}
