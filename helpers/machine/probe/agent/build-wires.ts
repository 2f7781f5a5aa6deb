/**
 * For `--egress build`: tells the grader when a container of a build is about to begin, and lets it begin when the grader has put
 * a wire into its network namespace. runc asks for it by a hook (images/lab-host/scripts/build-wire.py). A submission cannot open the
 * socket, and has no rights in the namespace: what else runs on the lab host does not get at the wire.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import path from 'node:path';

/** On the lab host; images/lab-host/scripts/runc.sh looks for them. */
const FOLDER = '/run/netgrade-build';
const SOCKET = 'socket';
const RESOLV_CONF = 'resolv.conf';
/** Builds that are about to begin at a time: more than that begin without a way out. */
const MOST_WAITING = 50;
const MOST_BYTES = 20;

export class BuildWires {
  /** Process ids of the containers, as the lab host counts them. */
  readonly #begun: number[] = [];
  readonly #waiting = new Map<number, net.Socket>();
  #asked: (() => void) | undefined;

  /** @param nameserver What builds ask for names. @param folder Who may open it may ask for wires. */
  static async open(nameserver: string, folder = FOLDER): Promise<BuildWires> {
    const wires = new BuildWires();
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(path.join(folder, RESOLV_CONF), `nameserver ${nameserver}\n`, { mode: 0o644 });
    const socket = path.join(folder, SOCKET);
    rmSync(socket, { force: true });
    const server = net.createServer((hook) => {
      wires.#take(hook);
    });
    server.unref();
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(socket, resolve);
    });
    return wires;
  }

  #take(hook: net.Socket): void {
    let text = '';
    hook.setEncoding('utf8');
    hook.on('error', () => undefined); // 'close' follows
    hook.on('data', (chunk) => {
      text += String(chunk);
      const pid = /^(\d{1,9})\n/.exec(text)?.[1];
      if (pid === undefined ? text.length > MOST_BYTES : this.#waiting.size >= MOST_WAITING) hook.destroy();
      if (pid === undefined || hook.destroyed) return;
      hook.once('close', () => this.#waiting.delete(Number(pid)));
      this.#waiting.set(Number(pid), hook);
      this.#begun.push(Number(pid));
      this.#asked?.();
    });
  }

  /** @returns the process id of the next one; nothing when none began in this time. */
  async next(timeoutMs: number): Promise<{ pid?: number }> {
    if (this.#begun.length === 0)
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, timeoutMs);
        this.#asked = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    this.#asked = undefined;
    const pid = this.#begun.shift();
    return pid === undefined ? {} : { pid };
  }

  /** Lets a build's container begin, whether it has a wire or could not be given one. */
  go(pid: number): void {
    this.#waiting.get(pid)?.end('+');
  }
}
