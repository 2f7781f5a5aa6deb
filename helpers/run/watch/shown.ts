/** Everything by which a student sees the state: the terminal, its keys, and the live page that a key opens. */
import { openBrowser } from '../../base/open-browser.ts';
import { reasonOf } from '../../base/failure.ts';
import { displayOn } from './display.ts';
import { listenToKeys } from './keys.ts';
import { LivePage } from './live/live-page.ts';
import type { Display } from './log-display.ts';
import type { WatchState } from './state.ts';

export class Shown implements Disposable {
  readonly #display: Display;
  readonly #keys: Disposable | undefined;
  readonly #page: LivePage;
  #state: WatchState;
  /** See WatchState. */
  #address: string | undefined;
  #isEnded = false;

  /** @param leave Called when the user leaves by a key. */
  constructor(
    { stdin, stdout, env }: Pick<NodeJS.Process, 'stdin' | 'stdout' | 'env'>,
    first: WatchState,
    leave: () => void,
  ) {
    this.#state = first;
    this.#page = new LivePage(first);
    this.#display = displayOn(stdout, env);
    if (!stdin.isTTY || !this.#display.isScreen) return;
    this.#address = '';
    const pressed = { p: () => void this.#openPage() };
    this.#keys = listenToKeys(stdin, { pressed, leave, goOn: () => stdout.emit('resize') });
  }

  show(state: WatchState): void {
    if (this.#isEnded) return;
    this.#state = state;
    this.#page.show(state);
    this.#display.show({ ...state, ...(this.#address !== undefined && { page: this.#address }) });
  }

  async #openPage(): Promise<void> {
    try {
      this.#address = await this.#page.open();
      openBrowser(this.#address);
    } catch (error) {
      this.#address = `the page cannot be served: ${reasonOf(error)}`;
    }
    this.show(this.#state);
  }

  /** Leaves the last state where it is. @param reason What the live page says. */
  end(reason: string): void {
    this.#isEnded = true;
    this.#page.end(reason);
  }

  [Symbol.dispose](): void {
    this.end('Self-test has ended.');
    this.#keys?.[Symbol.dispose]();
    this.#display.end();
  }
}
