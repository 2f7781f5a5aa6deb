/** The self-check's page in a real browser, from disk and from its server, and what it exports in the grader. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { keyOf, optionsOf } from '../../helpers/lab/self-check-question.ts';
import { QUESTIONS } from '../../specs/self-check/index.ts';
import { SCREENS, TestBrowser, violationsIn, type Look } from '../helpers/browser.ts';
import { commandOf, criteriaWith, grade, labOf, workspace } from '../helpers/grade.ts';
import { answer, build, question, serve, verdictOf, type Server } from '../helpers/self-check/page.ts';

const START_MS = 180_000;
const TEST_MS = 240_000;
/** With several options right, so that there is a choice between. */
const [FIRST] = QUESTIONS;

let folder: string;
let fromDisk: string;
let server: Server;
let browser: TestBrowser;

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'netgrade-self-check-'));
  [browser, server, fromDisk] = await Promise.all([
    TestBrowser.start(),
    serve(),
    build(folder).then((file) => pathToFileURL(path.resolve(file)).href),
  ]);
}, START_MS);

afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
  rmSync(folder, { recursive: true, force: true });
});

const PLACES = [
  ['from disk', () => fromDisk],
  ['from its server', () => server.url],
] as const;

async function answerAll(page: Page, wrongly: string[] = []): Promise<void> {
  for (const each of QUESTIONS) {
    const key: string[] = keyOf(each);
    const others = optionsOf(each).flatMap(([letter]) => (key.includes(letter) ? [] : [letter]));
    await answer(page, each.id, wrongly.includes(each.id) ? others : key);
    await verdictOf(page, each.id);
  }
}

async function exported(page: Page, to: string): Promise<void> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download answers.yaml' }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('answers.yaml');
  await download.saveAs(to);
}

const countOn = (page: Page): Promise<string> => page.locator('#count').innerText();

describe.each(PLACES)('%s', (_, url) => {
  test(
    'a choice is told what holds and why; another choice takes it back; a reload keeps everything',
    async () => {
      await using opened = await browser.open(url());
      const { page, complaints } = opened;
      const { id } = FIRST!;
      const options = optionsOf(FIRST!);

      await answer(page, id, []);
      expect(await verdictOf(page, id)).toBe('Choose at least one option first.');

      await answer(page, id, ['a', 'b']);
      expect(await verdictOf(page, id)).toBe('Not quite: you judged 2 of 4 options rightly.');
      const said = await question(page, id).locator('.reason').allInnerTexts();
      expect(said).toEqual([
        `It is wrong, but you chose it. ${plain(options[0]![1].why)}`,
        `It is right, and you chose it. ${plain(options[1]![1].why)}`,
        `It is right, but you did not choose it. ${plain(options[2]![1].why)}`,
        `It is wrong, and you left it out. ${plain(options[3]![1].why)}`,
      ]);
      expect(await countOn(page)).toBe('1 of 25 checked, 0 right');

      await question(page, id).getByRole('checkbox').first().click();
      expect(await question(page, id).locator('.reason:visible').count()).toBe(0);
      expect(await countOn(page)).toBe('0 of 25 checked, 0 right');

      await answer(page, id, keyOf(FIRST!));
      expect(await verdictOf(page, id)).toBe('Right.');
      await question(page, 'publish').getByRole('checkbox').first().click();

      await page.reload();
      expect(await verdictOf(page, id)).toBe('Right.');
      expect(await countOn(page)).toBe('1 of 25 checked, 1 right');
      expect(await question(page, 'publish').getByRole('checkbox').first().isChecked()).toBe(true);
      expect(await page.locator('#open-questions').innerText()).toBe('23 questions have no answer yet.');

      page.once('dialog', (dialog) => void dialog.accept());
      await page.getByRole('button', { name: 'Start again' }).click();
      await page.reload();
      expect(await countOn(page)).toBe('0 of 25 checked, 0 right');
      expect(await page.getByRole('checkbox', { checked: true }).count()).toBe(0);
      expect(complaints).toEqual([]);
    },
    TEST_MS,
  );

  test(
    'what it exports is graded, where there is no Docker as well',
    async () => {
      await using opened = await browser.open(url());
      using place = workspace();
      const handedIn = (student: string): string => {
        const lab = path.join(place.submissions, student, 'self-check');
        mkdirSync(lab, { recursive: true });
        return path.join(lab, 'answers.yaml');
      };
      const wrong = ['expose', 'two-networks'];
      await answerAll(opened.page, wrong);
      expect(await countOn(opened.page)).toBe('25 of 25 checked, 23 right');
      await exported(opened.page, handedIn('ben'));
      for (const id of wrong) await answer(opened.page, id, keyOf(QUESTIONS.find((each) => each.id === id)!));
      await verdictOf(opened.page, 'two-networks');
      await exported(opened.page, handedIn('ada'));
      expect(opened.complaints).toEqual([]);

      const { exitCode } = await grade(['--submissions', place.submissions, '--out', place.out], {
        DOCKER_HOST: 'unix:///nowhere/docker.sock',
      });
      expect(exitCode).toBe(0);
      expect(labOf(place.out, 'ada', 'self-check')).toMatchObject({ status: 'graded', score: 100 });
      const ben = labOf(place.out, 'ben', 'self-check');
      expect([ben.score, criteriaWith(ben, 'failed')]).toEqual([92, wrong]);
    },
    TEST_MS,
  );
});

/** Some questions before they are checked, some after. */
async function look(page: Page): Promise<void> {
  await answer(page, FIRST!.id, ['a', 'b']);
  await verdictOf(page, FIRST!.id);
  await answer(page, 'publish', ['b', 'd']);
  await verdictOf(page, 'publish');
  await question(page, FIRST!.id).getByText('Where to look').click();
}

// What axe looks at in colours does not depend on the width, nor the other way round.
const LOOKS: Required<Pick<Look, 'screen' | 'colours'>>[] = [
  { screen: 'phone', colours: 'light' },
  { screen: 'desktop', colours: 'dark' },
];

test.each(LOOKS)(
  'on a $screen in $colours colours axe finds nothing, and nothing is wider than the screen',
  async (chosen) => {
    await using opened = await browser.open(fromDisk, chosen);
    const { page, complaints } = opened;
    await look(page);
    expect(await violationsIn(page)).toEqual([]);
    const width = await page.evaluate<number>('document.documentElement.scrollWidth');
    expect(width).toBeLessThanOrEqual(SCREENS[chosen.screen].width);
    expect(complaints).toEqual([]);
  },
  TEST_MS,
);

test(
  'it can be used with the keyboard alone, and what is said is announced',
  async () => {
    await using opened = await browser.open(fromDisk);
    const { page } = opened;
    await question(page, FIRST!.id).getByRole('checkbox').first().focus();
    for (const key of ['Tab', 'Space', 'Tab', 'Space', 'Enter']) await page.keyboard.press(key);
    expect(await verdictOf(page, FIRST!.id)).toBe('Right.');
    const described = question(page, FIRST!.id).getByRole('checkbox').nth(1);
    const reason = page.locator(`#${(await described.getAttribute('aria-describedby')) ?? ''}`);
    expect(await reason.innerText()).toMatch(/^It is right, and you chose it\./);
  },
  TEST_MS,
);

test(
  'without what it needs for answers it says so, and still exports',
  async () => {
    await using opened = await browser.open('about:blank');
    const { page } = opened;
    await page.addInitScript(`Object.defineProperty(crypto, 'subtle', { value: undefined })`);
    await page.goto(fromDisk);
    expect(await page.locator('#no-crypto').isVisible()).toBe(true);
    expect(await question(page, FIRST!.id).getByRole('button').isDisabled()).toBe(true);
    await question(page, FIRST!.id).getByRole('checkbox').first().click();
    const file = path.join(folder, 'answers.yaml');
    await exported(page, file);
    expect(readFileSync(file, 'utf8')).toContain('\nsame-port-twice: [a]\nshared-sandbox: []\n');
  },
  TEST_MS,
);

test(
  'without JavaScript the questions can be read, and why nothing else works',
  async () => {
    await using opened = await browser.open(fromDisk, { script: false });
    expect(await opened.page.locator('fieldset').count()).toBe(QUESTIONS.length);
    expect(await opened.page.getByText('Without JavaScript').isVisible()).toBe(true);
    expect(await opened.page.locator('#hand-in').isVisible()).toBe(false);
  },
  TEST_MS,
);

test(
  'progress that is none of its own is no progress',
  async () => {
    await using opened = await browser.open(fromDisk);
    const { page, complaints } = opened;
    for (const kept of [
      '{',
      '[]',
      '{"choices":{"publish":"<b>","x":1},"checked":"y"}',
      '{"choices":{"publish":"e"},"checked":{"publish":"e"}}',
    ]) {
      await page.evaluate(`localStorage.setItem('netgrade-self-check', ${JSON.stringify(kept)})`);
      await page.reload();
      expect(await countOn(page)).toBe('0 of 25 checked, 0 right');
    }
    expect(complaints).toEqual([]);
  },
  TEST_MS,
);

test('the server is on loopback only, and has one page', async () => {
  const { port } = new URL(server.url);
  const others = Object.values(os.networkInterfaces()).flatMap((each) => each ?? []);
  const outward = others.find(({ internal, family }) => !internal && family === 'IPv4')?.address;
  expect(outward).toBeDefined();
  const error = await new Promise<NodeJS.ErrnoException | undefined>((resolve) => {
    const socket = net.connect({ host: outward!, port: Number(port), timeout: 5_000 }, () => {
      socket.destroy();
      resolve(undefined);
    });
    socket.once('error', resolve);
  });
  expect(error?.code).toBe('ECONNREFUSED');
  expect((await fetch(new URL('/etc/passwd', server.url))).status).toBe(404);
});

test.each([
  [['--port', '70000'], /whole number from 0 to 65535; it is "70000"/],
  [['--port', '1', '--build', '/nowhere'], /--build serves nothing/],
  [['--what'], /there is no option "--what"/],
  [['--build', '/dev/null/page'], /cannot be written/],
])(
  '%j is wrong usage',
  async (args, reason) => {
    const [node = '', ...program] = commandOf('self-check');
    const run = promisify(execFile)(node, [...program, ...args], { timeout: TEST_MS });
    await expect(run).rejects.toMatchObject({ code: 2, stderr: expect.stringMatching(reason) });
  },
  TEST_MS,
);

function plain(marked: string): string {
  return marked.replaceAll('`', '');
}
