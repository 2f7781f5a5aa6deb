/** Pages in a real browser. Whatever a page complains about on its console, or asks the network for, fails the test. */
import AxeBuilder from '@axe-core/playwright';
import { chromium as engine, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { chromium } from './chromium.ts';

/** Of every single wait in a page; shorter than a test's own limit. */
const WAIT_MS = 10_000;

export const SCREENS = {
  phone: { width: 390, height: 844 },
  laptop: { width: 1024, height: 768 },
  desktop: { width: 1440, height: 900 },
};

export interface Look {
  screen?: keyof typeof SCREENS;
  colours?: 'light' | 'dark';
  /** Whether the page may run scripts; it may unless this says no. */
  script?: boolean;
}

/** An open page and its complaints. */
export interface OpenPage extends AsyncDisposable {
  page: Page;
  /** Errors and warnings on the console, uncaught errors, and requests to anywhere but the page's own place. */
  complaints: string[];
}

export class TestBrowser implements AsyncDisposable {
  readonly #browser: Browser;

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async start(): Promise<TestBrowser> {
    const executablePath = chromium();
    if (executablePath === undefined) throw new Error('there is no Chromium: `npm run test:e2e` installs it');
    // As root Chromium's own sandbox does not start; it opens pages that this run has made, and nothing else.
    return new TestBrowser(await engine.launch({ executablePath, args: ['--no-sandbox'], timeout: 3 * WAIT_MS }));
  }

  /** @param url A `file:` address, or one on this machine's loopback. */
  async open(url: string, { screen = 'desktop', colours = 'light', script = true }: Look = {}): Promise<OpenPage> {
    const context = await this.#browser.newContext({
      viewport: SCREENS[screen],
      colorScheme: colours,
      javaScriptEnabled: script,
      acceptDownloads: true,
    });
    context.setDefaultTimeout(WAIT_MS);
    const complaints: string[] = [];
    const page = await context.newPage();
    listen(context, page, new URL(url), complaints);
    await page.goto(url);
    return { page, complaints, [Symbol.asyncDispose]: () => context.close() };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#browser.close();
  }
}

function listen(context: BrowserContext, page: Page, { protocol, host }: URL, complaints: string[]): void {
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
  context.on('request', (request) => {
    const to = new URL(request.url());
    const inert = ['data:', 'blob:'].includes(to.protocol);
    if (!inert && (to.protocol !== protocol || to.host !== host)) complaints.push(`asked for ${request.url()}`);
  });
}

/** @returns One line per violation of WCAG 2.2 A and AA, and of axe's best practices. */
export async function violationsIn(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.map(({ id, help, nodes }) => `${id}: ${help} (${nodes.map(({ html }) => html).join(' | ')})`);
}
