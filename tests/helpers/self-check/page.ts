/** The self-check's page as its users get it: built by the command line, and opened in a browser. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';
import type { Locator, Page } from 'playwright-core';
import { commandOf } from '../grade.ts';

const [NODE = '', ...ARGS] = commandOf('self-check');
const BUILD_MS = 120_000;

/** @returns the built file. */
export async function build(folder: string): Promise<string> {
  const { stdout } = await promisify(execFile)(NODE, [...ARGS, '--build', folder], {
    timeout: BUILD_MS,
  });
  return stdout.trim();
}

export interface Server extends AsyncDisposable {
  url: string;
}

/** Serves it at a free port. */
export async function serve(): Promise<Server> {
  const child = spawn(NODE, [...ARGS, '--port', '0'], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = once(child, 'close');
  const [line] = (await Promise.race([
    once(child.stdout, 'data', { signal: AbortSignal.timeout(BUILD_MS) }),
    ended.then(([code]) => Promise.reject(new Error(`the server ended with ${String(code)}`))),
  ])) as [Buffer];
  return {
    url: line.toString('utf8').trim(),
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGINT');
      await ended;
    },
  };
}

/** A question on the page. */
export function question(page: Page, id: string): Locator {
  return page.locator(`form#${id}`);
}

/** Chooses exactly these letters, and checks them. */
export async function answer(page: Page, id: string, letters: string[]): Promise<void> {
  const form = question(page, id);
  const boxes = await form.getByRole('checkbox', { checked: true }).all();
  const checked = await Promise.all(boxes.map(async (box) => (await box.getAttribute('name')) ?? ''));
  const turned = [...letters, ...checked].filter((each) => !letters.includes(each) || !checked.includes(each));
  for (const letter of turned) await form.locator(`input[name="${letter}"]`).click();
  await form.getByRole('button', { name: /^Check/ }).click();
}

/** What is said to a choice, once it is. */
export async function verdictOf(page: Page, id: string): Promise<string> {
  const verdict = question(page, id).getByRole('status');
  await verdict.filter({ hasText: /\S/ }).waitFor();
  return verdict.innerText();
}
