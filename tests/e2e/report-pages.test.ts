/** The pages of a report, in a real browser: opened from disk, read, clicked through, sorted, filtered, printed. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import type { Page } from 'playwright-core';
import { until } from '../../helpers/base/wait.ts';
import type { StudentRecord } from '../../helpers/report/record.ts';
import { linkTo, studentFile } from '../../helpers/report/report-name.ts';
import { SCREENS, TestBrowser, violationsIn, type Look } from '../helpers/browser.ts';
import { labNames } from '../helpers/labs.ts';
import { classRecords } from '../helpers/class-records.ts';
import { HOSTILE, hostileRecord, recordWith } from '../helpers/records.ts';
import { BROKEN, hugeTopology, MISPLACED } from '../helpers/topologies.ts';

const STUDENTS = 300;
const WRITE_MS = 240_000;

jest.setTimeout(120_000);

/** Each of these would leave a mark on the page if a browser took it for more than text. */
const MARKING = [
  '<script>window.marked = 1</script>',
  '<img src=x onerror="window.marked = 1">',
  '"><svg onload="window.marked = 1">',
  "' onmouseover='window.marked = 1' '",
  '</style><script>window.marked = 1</script>',
  'javascript:window.marked=1',
].join(' ');

/** Outputs that are just too long for their boxes on a phone, because lines are broken there: in the middle, and between words. */
const OUTPUTS = ['x'.repeat(40), 'nineteen-characters nineteen-characters'].map((line) => `${line}\n`.repeat(8));

const root = mkdtempSync(path.join(os.tmpdir(), 'netgrade-pages-'));
let browser: TestBrowser;

function write(name: string, records: StudentRecord[]): void {
  const file = path.join(root, `${name}.json`);
  mkdirSync(path.join(root, name), { recursive: true });
  writeFileSync(file, JSON.stringify(records));
  const program = path.resolve('tests/helpers/write-pages.ts');
  const args = ['--disable-warning=ExperimentalWarning', program, path.join(root, name), file];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: WRITE_MS });
  if (status !== 0) throw new Error(`the pages were not written: ${stderr}`);
}

function urlOf(name: string, student?: string): string {
  const folder = pathToFileURL(`${path.join(root, name)}/`);
  return new URL(student === undefined ? 'index.html' : linkTo(studentFile(student, 'html')), folder).href;
}

function withTopology(record: StudentRecord, topology: StudentRecord['labs'][number]['topology']): StudentRecord {
  return { ...record, labs: record.labs.map((lab) => ({ ...lab, topology })) };
}

beforeAll(async () => {
  const students = await classRecords(STUDENTS);
  write('class', students);
  const mixed: Parameters<typeof recordWith>[0] = [
    {},
    { status: 'passed', score: 10, evidence: [{ what: 'docker ps', output: 'nginx' }] },
    { status: 'skipped', blockedBy: 'c0' },
    { status: 'error' },
  ];
  write('small', [
    ...students.slice(0, 12).map((record) => ({ ...record, labs: record.labs.slice(0, 3) })),
    withTopology(recordWith(mixed, 'misplaced'), MISPLACED),
    withTopology(recordWith(mixed, 'broken'), BROKEN),
    recordWith([{ evidence: OUTPUTS.map((output) => ({ what: 'docker ps', output })) }], 'talkative'),
  ]);
  const hostile = hostileRecord(`${MARKING} ${HOSTILE}`);
  write('hostile', [
    { ...withTopology(hostile, hugeTopology(`${MARKING} ${HOSTILE}`)), student: MARKING },
    recordWith([{}], 'javascript:window.marked=1'),
    recordWith([{}], 'index'),
  ]);
  browser = await TestBrowser.start();
}, WRITE_MS);

afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  rmSync(root, { recursive: true, force: true });
});

/** What stands in a column of the rows that are shown, from the top. */
function column(page: Page, index: number): Promise<string[]> {
  return page.locator(`table.scores tbody tr:visible > :nth-child(${index + 1})`).allInnerTexts();
}

async function isWiderThanScreen(page: Page): Promise<boolean> {
  return page.evaluate<boolean>('document.documentElement.scrollWidth > innerWidth');
}

describe('a class of 300', () => {
  test('leads from a score to the lab on the student’s page, and back to the class as it was sorted and filtered', async () => {
    await using open = await browser.open(urlOf('class'));
    const { page } = open;
    await page.getByRole('button', { name: 'total' }).click();
    await page.getByLabel('Find a student').fill('1');
    const names = await column(page, 0);
    const link = page.locator('table.scores tbody tr:visible').first().getByRole('link').nth(8);
    const anchor = (await link.getAttribute('href'))?.split('#')[1];
    await link.click();
    await page.waitForURL(/student-\d+\.html#lab-/);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(names[0]);
    expect(page.url()).toMatch(new RegExp(`#${anchor ?? 'no anchor'}$`));
    await page.goBack();
    await page.waitForURL(/index\.html$/);
    expect(await page.locator('th[aria-sort]').innerText()).toContain('total');
    expect(await column(page, 0)).toEqual(names);
    expect(open.complaints).toEqual([]);
  });

  test('sorts by every column, by mouse and by keyboard, and says which', async () => {
    await using open = await browser.open(urlOf('class'));
    const { page } = open;
    const total = page.getByRole('button', { name: 'total' });
    await total.click();
    const rising = (await column(page, 1)).map(Number.parseFloat);
    expect(rising).toEqual(rising.toSorted((a, b) => a - b));
    expect(rising).toHaveLength(STUDENTS);
    expect(await page.locator('th[aria-sort="ascending"]').innerText()).toContain('total');
    await total.press('Enter');
    expect((await column(page, 1)).map(Number.parseFloat)).toEqual(rising.toReversed());
    expect(await page.locator('th[aria-sort="descending"]').count()).toBe(1);
    const student = page.getByRole('button', { name: 'student' });
    await student.focus();
    await page.keyboard.press('Space');
    expect((await column(page, 0)).slice(0, 2)).toEqual(['student-001', 'student-002']);
    const headings = page.locator('table.scores thead button');
    const labs = labNames().length;
    expect(await headings.count()).toBe(2 + labs);
    await headings.last().click();
    const [first = '', ...others] = await column(page, 1 + labs);
    expect([first, others.at(-1)]).toEqual(['error', '100']);
    expect(open.complaints).toEqual([]);
  });

  test('is filtered by text and by what happened, and says how many are shown', async () => {
    await using open = await browser.open(urlOf('class'));
    const { page } = open;
    const count = page.locator('output[name=count]');
    expect(await count.innerText()).toBe('300 students');
    await page.getByLabel('Find a student').fill('STUDENT-29');
    expect(await count.innerText()).toBe('10 of 300 students');
    await page.getByLabel('Show').selectOption('missing');
    const shown = page.locator('table.scores tbody tr:visible');
    const rows = await shown.allInnerTexts();
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.filter((row) => !row.includes('missing') || !row.includes('student-29'))).toEqual([]);
    await page.getByLabel('Find a student').fill('');
    await page.getByLabel('Show').selectOption('error');
    const unjudged = await page.locator('.unjudged h2').innerText();
    expect(unjudged).toContain(`${await shown.count()} students`);
    expect(open.complaints).toEqual([]);
  });

  test('says who breaks a rule, and leads to it; it is open there', async () => {
    await using open = await browser.open(urlOf('class'));
    const { page } = open;
    const rule = page.locator('.rules > li').first();
    await rule.locator('summary').press('Enter');
    const title = await rule.locator('.title').innerText();
    const [broken] = (await rule.locator('.numbers').innerText()).split(' ');
    expect(await rule.locator('.who a').count()).toBe(Number(broken));
    await rule.locator('.who a').first().click();
    const target = page.locator('details[open]:has(:target)');
    expect(title).toContain(await target.locator('.title').innerText());
    expect(await target.locator('.status').innerText()).toContain('failed');
    expect(open.complaints).toEqual([]);
  });

  test('is printed without controls', async () => {
    await using open = await browser.open(urlOf('small'));
    await open.page.emulateMedia({ media: 'print' });
    expect(await open.page.locator('form:visible, input:visible, select:visible, .cue:visible').count()).toBe(0);
    expect(await open.page.locator('.rules .title:visible').count()).toBeGreaterThan(5);
  });

  test('has the whole histogram on a phone, and says where a table goes on', async () => {
    await using open = await browser.open(urlOf('class'), { screen: 'phone' });
    const { page } = open;
    const { x, width } = (await page.locator('.histogram').boundingBox())!;
    expect(x + width).toBeLessThanOrEqual(SCREENS.phone.width);
    expect(await page.locator('.scroll:has(.scores) + .cue').isVisible()).toBe(true);
    expect(open.complaints).toEqual([]);
  });

  test('reads without JavaScript, without the controls that need it', async () => {
    await using open = await browser.open(urlOf('class'), { script: false });
    const { page } = open;
    expect(await page.locator('table.scores tbody tr').count()).toBe(STUDENTS);
    expect(await page.locator('form.filter').isVisible()).toBe(false);
    expect(await page.locator('table.scores button').count()).toBe(0);
    await page.locator('table.scores tbody a').nth(9).click();
    await page.waitForURL(/student-001\.html/);
    expect(await page.locator('.criterion').count()).toBeGreaterThan(10);
    expect(open.complaints).toEqual([]);
  });
});

describe('a student’s page', () => {
  test('leads from the summary to the rule, and from what was skipped to what stands in the way', async () => {
    await using open = await browser.open(urlOf('small', 'misplaced'));
    const { page } = open;
    await page.locator('.losses a', { hasText: 'rule 0' }).click();
    expect(await page.locator('details:has(:target) .title').innerText()).toBe('rule 0');
    const skipped = page.locator('.criterion.skipped');
    await skipped.locator('summary').press('Enter');
    expect(await skipped.locator('.body').innerText()).toContain('because of rule 0');
    await skipped.getByRole('link').press('Enter');
    expect(page.url()).toMatch(/#lab-a-lab\.c0$/);
    expect(open.complaints).toEqual([]);
  });

  test.each(['laptop', 'desktop'] as const)('shows both networks beside each other on a %s', async (screen) => {
    await using open = await browser.open(urlOf('small', 'misplaced'), { screen });
    const pictures = open.page.getByRole('img');
    expect(await pictures.count()).toBe(2);
    const [wanted, seen] = [(await pictures.nth(0).boundingBox())!, (await pictures.nth(1).boundingBox())!];
    expect(wanted.x + wanted.width).toBeLessThan(seen.x);
    expect([wanted.y, wanted.width, wanted.height]).toEqual([seen.y, seen.width, seen.height]);
    expect(await open.page.locator('svg .line.wrong').count()).toBe(1);
    expect(await open.page.locator('svg .line.missing').count()).toBe(1);
    // Names of fixed-width characters were measured before there was a browser: they have to fit in their boxes.
    const sticksOut = `[...document.querySelectorAll('.box')].filter((box) => [...box.querySelectorAll('text')].some(
      (text) => text.getBBox().width > box.querySelector('rect').getBBox().width))`;
    expect(await open.page.evaluate(`${sticksOut}.length`)).toBe(0);
  });

  test('shows only what failed, also without a script, and all again', async () => {
    await using open = await browser.open(urlOf('small', 'misplaced'), { script: false });
    const rules = open.page.locator('.criterion');
    const all = await rules.count();
    await open.page.getByLabel('show only the rules that failed').check();
    expect(await rules.locator('visible=true').locator('.status').allInnerTexts()).not.toContain('✓ passed');
    expect(await open.page.locator('.criterion:visible').count()).toBe(2);
    await open.page.getByLabel('show only the rules that failed').uncheck();
    expect(await open.page.locator('.criterion:visible').count()).toBe(all);
  });

  test('copies a command', async () => {
    await using open = await browser.open(urlOf('small', 'talkative'));
    const { page } = open;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy the command' }).first().click();
    await page.getByText('Copied').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe('docker ps');
    expect(open.complaints).toEqual([]);
  });

  test('is printed with everything that does not hold, in dark on white', async () => {
    await using open = await browser.open(urlOf('small', 'misplaced'), { colours: 'dark' });
    await open.page.emulateMedia({ media: 'print' });
    expect(await open.page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    expect(await open.page.locator('.criterion.failed dd.seen').isVisible()).toBe(true);
    expect(await open.page.locator('button:visible, input:visible, select:visible, .cue:visible').count()).toBe(0);
    expect(await open.page.locator('.criterion .title:visible').count()).toBe(4);
    const [wanted, seen] = [0, 1].map((n) => open.page.getByRole('img').nth(n));
    expect((await wanted!.boundingBox())!.width).toBe((await seen!.boundingBox())!.width);
    expect((await open.page.pdf({ preferCSSPageSize: true })).length).toBeGreaterThan(1000);
  });
});

const LOOKS: Required<Omit<Look, 'script'>>[] = [
  { screen: 'phone', colours: 'dark' },
  { screen: 'laptop', colours: 'dark' },
  { screen: 'desktop', colours: 'light' },
];

describe.each(LOOKS)('on a $screen, $colours', (look) => {
  test.each([
    ['the class page', 'small', undefined],
    ['a page with something wrong', 'small', 'misplaced'],
    ['a page with much wrong', 'small', 'broken'],
    ['a page of several labs', 'small', 'student-001'],
    ['a page with outputs of some length', 'small', 'talkative'],
    ['a class page of attacks', 'hostile', undefined],
    ['a page of attacks', 'hostile', MARKING],
  ])('%s is accessible, and no wider than the screen', async (_, name, student) => {
    await using open = await browser.open(urlOf(name, student), look);
    expect(await violationsIn(open.page)).toEqual([]);
    expect(await isWiderThanScreen(open.page)).toBe(false);
    expect(open.page.viewportSize()).toEqual(SCREENS[look.screen]);
    expect(open.complaints).toEqual([]);
  });
});

describe('hostile records', () => {
  test.each([
    ['the class page', undefined],
    ['a student’s page', MARKING],
    ['the page of a student with a scheme for a name', 'javascript:window.marked=1'],
  ])('on %s nothing runs, and nothing is asked of anybody', async (_, student) => {
    await using open = await browser.open(urlOf('hostile', student), { screen: 'phone' });
    const { page } = open;
    expect(await page.locator('h1').count()).toBe(1);
    expect(await page.evaluate('typeof window.marked')).toBe('undefined');
    expect(await page.locator('script').count()).toBe(1);
    expect(await page.locator('body img, body iframe, [onerror], [onload], [onmouseover], [style]').count()).toBe(0);
    expect(await isWiderThanScreen(page)).toBe(false);
    expect(open.complaints).toEqual([]);
  });

  test('links lead to students’ pages, whatever they are called', async () => {
    await using open = await browser.open(urlOf('hostile'));
    const { page } = open;
    for (const [row, name] of [MARKING.slice(0, 20), 'javascript:', 'index'].entries()) {
      await page.locator('table.scores tbody tr').nth(row).getByRole('link').first().click();
      await page.waitForURL((url) => !url.pathname.endsWith('/index.html'));
      expect(await page.getByRole('heading', { level: 1 }).innerText()).toContain(name);
      await page.goBack();
      await page.waitForURL(/\/index\.html$/);
    }
    expect(open.complaints).toEqual([]);
  });

  test('even markup that got onto a page unescaped could not run', async () => {
    await using open = await browser.open(urlOf('small'));
    await open.page.evaluate(`document.body.insertAdjacentHTML('beforeend', ${JSON.stringify(MARKING)})`);
    // The browser says what it refuses.
    const refused = await until(10_000, () =>
      Promise.resolve(open.complaints.find((complaint) => complaint.includes('Content Security Policy'))),
    );
    expect(refused).toBeDefined();
    expect(await open.page.evaluate('typeof window.marked')).toBe('undefined');
  });
});
