/** The live page of self-test as it is served by a process of its own; see serve-live-page.ts. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { WatchState } from '../../helpers/run/watch/state.ts';

const PROGRAM = path.resolve('tests/helpers/serve-live-page.ts');

export class ServedPage implements Disposable {
  readonly #process = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', PROGRAM], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  readonly #lines = createInterface(this.#process.stdout);

  /** @returns the page's address. */
  async show(state: WatchState): Promise<string> {
    const [line] = await Promise.all([once(this.#lines, 'line'), this.#write(lineOf(state))]);
    return String(line[0]);
  }

  /** Ends it as a user does. */
  async end(): Promise<void> {
    await this.#write('end');
    await once(this.#process, 'exit');
  }

  /** Ends it as nobody should. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL');
    await once(this.#process, 'exit');
  }

  #write(line: string): Promise<void> {
    return new Promise((resolve) => {
      this.#process.stdin.write(`${line}\n`, () => {
        resolve();
      });
    });
  }

  [Symbol.dispose](): void {
    this.#process.kill('SIGKILL');
  }
}

/** A line of JSON, also for readers to whom other characters end lines, too. */
function lineOf(state: WatchState): string {
  return JSON.stringify(state).replace(/[\u2028\u2029]/g, (end) => `\\u${end.charCodeAt(0).toString(16)}`);
}
