/** Connections to unix sockets of the agent's machine, carried in its own stream: one process for all of them. */
import net from 'node:net';
import type { ChannelLine } from '../protocol.ts';

export class Channels {
  readonly #open = new Map<number, net.Socket>();
  readonly #say: (line: ChannelLine) => void;

  constructor(say: (line: ChannelLine) => void) {
    this.#say = say;
  }

  take(line: ChannelLine): void {
    if ('dial' in line) this.#dial(line.id, line.dial);
    else if ('data' in line) this.#open.get(line.id)?.write(Buffer.from(line.data, 'base64'));
    else this.#open.get(line.id)?.end();
  }

  #dial(id: number, path: string): void {
    const socket = net.connect(path);
    this.#open.set(id, socket);
    socket.on('data', (chunk: Buffer) => {
      this.#say({ id, data: chunk.toString('base64') });
    });
    socket.on('error', () => undefined); // 'close' follows
    socket.once('close', () => {
      this.#open.delete(id);
      this.#say({ id, end: true });
    });
  }
}
