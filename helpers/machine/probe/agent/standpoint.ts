/** The network namespace in which something is looked at or tried. */
import net from 'node:net';

export interface Standpoint {
  /** A TCP socket in that namespace. */
  socket(address: string): net.Socket;
  /**
   * Runs `work` in that namespace.
   *
   * @param work Must be synchronous: whatever runs later runs in the process's own namespace.
   */
  within<T>(work: () => T): T;
}

/** The process's own namespace. */
export const HERE: Standpoint = { socket: () => new net.Socket(), within: (work) => work() };
