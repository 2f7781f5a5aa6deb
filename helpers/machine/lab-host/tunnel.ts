/**
 * Makes an engine that only answers on a stream (`docker system dial-stdio`) look like a local unix socket, so
 * that dockerode's ordinary connection handling (keep-alive, hijacking, abort) applies.
 */
import { rm } from 'node:fs/promises';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import { ownPath } from './own-files.ts';

export interface Tunnel {
  socketPath: string;
  close(): Promise<void>;
}

/** @param dial Opens a connection to the engine; it is called once for each connection to the socket. */
export async function openTunnel(dial: () => Promise<Duplex>): Promise<Tunnel> {
  const socketPath = ownPath('.sock');
  const sockets = new Set<net.Socket>();
  const server = net.createServer({ allowHalfOpen: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    socket.on('error', () => undefined); // the client at the other end of the socket sees it, too
    dial().then(
      (remote) => {
        remote.on('error', () => socket.destroy());
        remote.once('close', () => socket.destroy());
        socket.once('close', () => remote.destroy());
        socket.pipe(remote).pipe(socket);
      },
      () => socket.destroy(),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socketPath, resolve);
  });
  return {
    socketPath,
    close: async () => {
      server.close();
      for (const socket of sockets) socket.destroy();
      await rm(socketPath, { force: true });
    },
  };
}
