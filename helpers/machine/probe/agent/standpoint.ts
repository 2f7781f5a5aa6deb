/** From where something is looked at or tried. */
import net from 'node:net';

export interface Standpoint {
  /** A TCP socket that stands there. */
  socket(address: string): net.Socket;
  /**
   * Does something there.
   *
   * @param work Has to be synchronous: what it leaves to later happens where the process itself stands.
   */
  within<T>(work: () => T): T;
}

/** Where this process stands. */
export const HERE: Standpoint = { socket: () => new net.Socket(), within: (work) => work() };
