/** A way to the grading host's engine on which a test holds up what it wants to: everything else passes as it comes. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
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

/** @param hold Asked about each request; it goes on when what this returns is done. */
export async function openDoor(hold: (method: string, url: string) => Promise<void>): Promise<EngineDoor> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'netgrade-door-'));
  const socketPath = path.join(folder, 'docker.sock');
  const sockets = new Set<Duplex>();
  let hangs = false;
  const server = http.createServer({ requestTimeout: 0 }, (request, response) => {
    const { method = '', url = '', rawHeaders } = request;
    if (hangs) return;
    void hold(method, url).then(() => {
      const asked = http.request({ socketPath: ENGINE, method, path: url, headers: rawHeaders as never }, (reply) => {
        response.writeHead(reply.statusCode ?? 502, reply.rawHeaders).flushHeaders();
        reply.pipe(response);
      });
      asked.on('error', () => response.destroy());
      response.once('close', () => asked.destroy()); // nobody waits for the engine's answer any more
      request.pipe(asked);
    });
  });
  server.on('connection', (socket) => sockets.add(socket));
  server.on('upgrade', ({ method, url, rawHeaders }: http.IncomingMessage, socket: Duplex, head: Buffer) => {
    if (hangs) return;
    const engine = net.connect({ path: ENGINE, allowHalfOpen: true });
    const lines = rawHeaders.map((text, i) => (i % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join('');
    engine.write(`${method} ${url} HTTP/1.1\r\n${lines}\r\n`);
    engine.write(head);
    socket.pipe(engine).pipe(socket);
    for (const each of [socket, engine]) each.on('error', () => each.destroy());
    sockets.add(engine);
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
