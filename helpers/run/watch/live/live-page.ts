/** The live page of self-test: opened by a key, and told of every state from then on. */
import path from 'node:path';
import { assetsOf } from '../../../report/page/assets.ts';
import { Coalesced } from '../../../report/coalesced.ts';
import { STUDENT_STYLE } from '../../../report/pages/page-assets.ts';
import { Layouts } from '../../../report/pages/picture/layout.ts';
import type { WatchState } from '../state.ts';
import { livePage, partsOf } from './page.ts';
import { LiveServer } from './server.ts';

const here = (file: string): string => path.join(import.meta.dirname, file);

export class LivePage {
  readonly #layouts = new Layouts();
  #state: WatchState;
  #server: Promise<LiveServer> | undefined;
  /** The server, once it serves. */
  #serving: LiveServer | undefined;
  /** Pictures take a while: of states that come meanwhile, only the last one is shown. */
  readonly #pushing = new Coalesced(async () => {
    if (this.#serving?.isWatched === true) this.#serving.push(await partsOf(this.#state, this.#layouts));
  });

  constructor(state: WatchState) {
    this.#state = state;
  }

  show(state: WatchState): void {
    this.#state = state;
    // What fails here fails again when the page is loaded.
    this.#pushing.ask().catch(() => undefined);
  }

  /** Serves the page. @returns its address. */
  async open(): Promise<string> {
    this.#server ??= this.#start();
    return (await this.#server).url;
  }

  async #start(): Promise<LiveServer> {
    const assets = await assetsOf({
      style: [STUDENT_STYLE, here('style.css')],
      script: here('browser/live-page.ts'),
    });
    this.#serving = await LiveServer.start({
      page: () => livePage(this.#state, assets, this.#layouts),
      parts: () => partsOf(this.#state, this.#layouts),
    });
    return this.#serving;
  }

  /** Tells whoever looks that nothing more comes. */
  end(reason: string): void {
    this.#serving?.end(reason);
  }
}
