/** The live page of self-test in a real browser: it follows what is shown, and is read, used by keyboard, and attacked. */
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { until } from '../../helpers/base/wait.ts';
import type { LabDefinition } from '../../helpers/lab/lab-definition.ts';
import { withTrouble, type WatchState } from '../../helpers/run/watch/state.ts';
import { SCREENS, TestBrowser, violationsIn, type Look } from '../helpers/browser.ts';
import { labCalled } from '../helpers/labs.ts';
import { beingTried, goodSurvey, hostileSurvey, stateOf } from '../helpers/live-states.ts';
import { HOSTILE } from '../helpers/records.ts';
import { ServedPage } from '../helpers/served-page.ts';
import { changed, nameOf } from '../helpers/surveys.ts';

jest.setTimeout(120_000);

const MARKING = [
  '<script>window.marked = 1</script>',
  '<img src=x onerror="window.marked = 1">',
  '"><svg onload="window.marked = 1">',
  `' onmouseover='window.marked = 1' '`,
].join(' ');

let lab: LabDefinition;
let browser: TestBrowser;
let good: WatchState;
let bad: WatchState;

beforeAll(async () => {
  lab = await labCalled('nginx-flask-mongo');
  good = stateOf(lab, goodSurvey());
  const joined = changed(goodSurvey(), (draft) => {
    const [nginx, flask] = ['nginx', 'flask-app'].map((role) => nameOf(draft, role));
    const [from, to] = [flask, nginx].map((name) => draft.containers.find((each) => each.name === name)!);
    to!.attachments.push({ ...from!.attachments.find(({ network }) => network.includes('private'))!, addresses: [] });
  });
  bad = stateOf(lab, joined, { 'nginx-public-only': 'failed', 'nginx-cannot-reach-mongo': 'failed' });
  browser = await TestBrowser.start();
});

afterAll(() => browser[Symbol.asyncDispose]());

const rule = (title: string): string => `.criterion:has-text("${title}")`;

test('it follows, without being loaded again: verdicts, what is being checked, the picture, trouble, and the end', async () => {
  using served = new ServedPage();
  await using open = await browser.open(await served.show(good));
  const { page } = open;
  await page.evaluate('window.samePage = true');
  await page.locator('.score', { hasText: '82 of 82 points' }).waitFor();
  expect(await page.locator('.head').innerText()).toMatch(/end-to-end.*\(18 points\).*npm run grade/s);

  await served.show(beingTried(good));
  const mongo = page.locator(rule('nginx cannot reach mongo'));
  await mongo.locator('.status.checking', { hasText: 'passed … being checked' }).waitFor();
  await page.locator('.again', { hasText: 'Being tried again' }).first().waitFor();

  await served.show(bad);
  await mongo.locator('.status', { hasText: 'failed' }).waitFor();
  await page.locator('.score', { hasText: '64 of 82 points' }).waitFor();
  await page.locator('svg .line.wrong').first().waitFor();
  expect(await page.locator('.status.checking, .again').count()).toBe(0);
  expect(await page.locator('#news').innerText()).toBe('64 of 82 points; 2 rules failed');

  await served.show(withTrouble(bad, 'the connection to the engine was lost; trying again'));
  await page.locator('.banner', { hasText: 'trying again' }).waitFor();
  expect(await page.locator('.criterion:not(:has(.checking))').count()).toBe(0);

  await served.end();
  await page.locator('#ended', { hasText: 'You have left self-test. What you see is what was seen last.' }).waitFor();
  expect(await page.evaluate('window.samePage')).toBe(true);
  expect(open.complaints).toEqual([]);
});

test('the way of a packet that was lost is there, station by station', async () => {
  using served = new ServedPage();
  await using open = await browser.open(await served.show(good));
  const way = open.page.locator('.ways .way', { hasText: 'mongo' }).first();
  expect((await way.locator('.stations li').allInnerTexts()).map((text) => text.replace(/^→ /, ''))).toEqual([
    expect.stringMatching(/nginx-1 eth0$/),
    expect.stringMatching(/^public-net-1 on the host \(br-[0-9a-f]{12}\)$/),
    '✓ lost here, as it should be',
  ]);
});

test('a self-test that was killed is not taken for one that goes on', async () => {
  using served = new ServedPage();
  await using open = await browser.open(await served.show(good));
  await open.page.locator('.score', { hasText: '82' }).waitFor();
  await served.kill();
  const said = open.page.locator('#ended', { hasText: 'Self-test does not answer' });
  await said.waitFor();
  expect(await said.isVisible()).toBe(true);
});

test('what was opened and focused by keyboard stays so while things change', async () => {
  using served = new ServedPage();
  await using open = await browser.open(await served.show(good));
  const { page } = open;
  const runs = page.locator(rule('run and stay up'));
  await runs.locator('summary').focus();
  await page.keyboard.press('Enter');
  await runs.locator('.body').waitFor();
  await served.show(bad);
  await page.locator('.score', { hasText: '64' }).waitFor();
  expect(await runs.locator('.body').isVisible()).toBe(true);
  expect(await page.evaluate(`document.activeElement.closest('summary')?.innerText`)).toContain('run and stay up');
  const failed = page.locator(rule('nginx is on public-net-1'));
  await failed.locator('summary').press('Enter');
  await served.show(beingTried(bad));
  await failed.locator('.status.checking').waitFor();
  expect(await failed.locator('.body').isVisible()).toBe(false);
  expect(open.complaints).toEqual([]);
});

describe.each<Required<Omit<Look, 'script'>>>([
  { screen: 'phone', colours: 'dark' },
  { screen: 'desktop', colours: 'light' },
  { screen: 'desktop', colours: 'dark' },
])('on a $screen, $colours', (look) => {
  test.each([
    ['something wrong', () => bad],
    ['everything being tried', () => beingTried(bad)],
    ['trouble', () => withTrouble(good, 'the connection was lost; trying again')],
    [
      'attacks',
      () => stateOf(lab, hostileSurvey(`${MARKING} ${HOSTILE}`), { 'real-mongo': 'failed' }, { actual: MARKING }),
    ],
  ])('%s is accessible, no wider than the screen, and nothing runs', async (_, state) => {
    using served = new ServedPage();
    await using open = await browser.open(await served.show(state()), look);
    const { page } = open;
    await page.locator('#news', { hasText: /\S/ }).waitFor({ state: 'attached' });
    expect(await violationsIn(page)).toEqual([]);
    expect(page.viewportSize()).toEqual(SCREENS[look.screen]);
    expect(await page.evaluate('document.documentElement.scrollWidth > innerWidth')).toBe(false);
    expect(await page.evaluate('typeof window.marked')).toBe('undefined');
    expect(await page.locator('body img, body iframe, [onerror], [onload], [onmouseover], [style]').count()).toBe(0);
    expect(open.complaints).toEqual([]);
  });
});

test('even markup that got onto the page unescaped could not run', async () => {
  using served = new ServedPage();
  await using open = await browser.open(await served.show(good));
  await open.page.evaluate(`document.body.insertAdjacentHTML('beforeend', ${JSON.stringify(MARKING)})`);
  // The browser says what it refuses.
  const refused = await until(10_000, () =>
    Promise.resolve(open.complaints.find((complaint) => complaint.includes('Content Security Policy'))),
  );
  expect(refused).toBeDefined();
  expect(await open.page.evaluate('typeof window.marked')).toBe('undefined');
});
