/** What self-test looks like. */
import { describe, expect, test } from '@jest/globals';
import type { Verdict } from '../../helpers/lab/verdict.ts';
import { ScreenDisplay } from '../../helpers/run/watch/display.ts';
import { LogDisplay } from '../../helpers/run/watch/log-display.ts';
import { changeLine, ENDLESS, screenLines } from '../../helpers/run/watch/screen.ts';
import { afterLook, unseen, withLab, withTrouble, type WatchState } from '../../helpers/run/watch/state.ts';
import { cut, widthOf, wrap } from '../../helpers/run/watch/text.ts';
import { TestTerminal } from '../helpers/terminal.ts';
import { labOfRules, settled, verdict } from '../helpers/watched.ts';

const LAB = labOfRules({ runs: 'web runs', attached: 'web is on net-a and on nothing else', asks: 'web asks db' });
const TERMINAL = { width: 80, height: 24, colours: false };
const screen = (state: WatchState, size = TERMINAL): string => screenLines(state, size).join('\n');

const withheld = verdict('asks', 'skipped', { withheld: true, actual: 'it would disturb what runs here' });
const NOT_HERE = `–  10 more points are not judged here: asks (it would disturb what runs here)
   → npm run grade -- --lab a-lab`;
const good = settled(LAB, [verdict('runs', 'passed'), verdict('attached', 'passed'), withheld]);
const bad = settled(LAB, [
  verdict('runs', 'passed'),
  verdict('attached', 'failed', {
    expected: 'web is on net-a, and on no other network',
    actual: 'web is on net-a and net-b; net-b should not be there, and this sentence is too long for the line',
    evidence: [{ what: 'docker inspect web', output: 'net-a\t10.0.0.2\nnet-b\t10.0.1.2' }],
  }),
  withheld,
]);

test('a stack in which everything holds', () => {
  expect(screen(good)).toBe(`a-lab: A lab
✓  10/10  web runs  runs
✓  10/10  web is on net-a and on nothing else  attached
–      –  web asks db  asks

${NOT_HERE}
20/20 points  ·  Ctrl-C leaves  ·  Docker 28.5 on this machine`);
});

test('the first rule that does not hold, with what to do about it', () => {
  expect(screen(bad)).toBe(`a-lab: A lab
✓  10/10  web runs  runs
✗   0/10  web is on net-a and on nothing else  attached
–      –  web asks db  asks

✗  web is on net-a and on nothing else
   expected   web is on net-a, and on no other network
   seen       web is on net-a and net-b; net-b should not be there, and this
              sentence is too long for the line
   see it     $ docker inspect web
              net-a  10.0.0.2
              net-b  10.0.1.2
   hint       Where does attached come from?

${NOT_HERE}
10/20 points  ·  Ctrl-C leaves  ·  Docker 28.5 on this machine`);
});

test('before anything was seen', () => {
  expect(screen(unseen([LAB], 'Docker on this machine'))).toBe(`a-lab: A lab
…  10  web runs  runs
…  10  web is on net-a and on nothing else  attached
…  10  web asks db  asks

looking …  ·  Ctrl-C leaves  ·  Docker on this machine`);
});

test('rules that are being checked keep their last mark', () => {
  const looked = afterLook(good.labs[0]!, LAB, {
    verdicts: [verdict('runs', 'passed'), withheld],
    sections: new Set(),
  });
  expect(screen(withLab(good, looked))).toContain(`
✓  10/10  web runs  runs
✓… 10/10  web is on net-a and on nothing else  attached
–      –  web asks db  asks
`);
});

test('the picture can be opened by a key; then its address is there whole, however small the terminal', () => {
  expect(screen({ ...good, page: '' })).toMatch(/20\/20 points {2}· {2}p shows a picture {2}· {2}Ctrl-C leaves/);
  const url = `http://127.0.0.1:40123/${'x'.repeat(22)}/`;
  expect(screen({ ...bad, page: url })).toContain(`\np  ${url}\n10/20 points`);
  expect(screen({ ...bad, page: url }, { width: 30, height: 9, colours: false }).replaceAll('\n', '')).toContain(url);
});

test('which lab was guessed, and by what, stands above all', () => {
  expect(screen({ ...good, guessed: 'It seems to be a-lab, by the container web.' })).toMatch(
    /^It seems to be a-lab, by/,
  );
});

test('why nothing new can be seen stands where the first rule stood', () => {
  expect(screen(withTrouble(bad, 'the connection was lost; trying again'))).toContain(`

   !          the connection was lost; trying again

${NOT_HERE}
10/20`);
});

describe('many rules', () => {
  const lab = labOfRules(Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`rule-${i + 1}`, `Rule ${i + 1}`])));
  const verdicts = (failing: number[]): Verdict[] =>
    Object.keys(lab.criteria).map((id, i) => verdict(id, failing.includes(i + 1) ? 'failed' : 'passed'));

  test('in a small terminal, rules that passed are left out before anything of what failed is', () => {
    expect(screen(settled(lab, verdicts([3, 30])))).toBe(`a-lab: A lab
✗   0/10  Rule 3  rule-3
${Array.from({ length: 11 }, (_, i) => `✓  10/10  Rule ${i + 19}  rule-${i + 19}`).join('\n')}
✗   0/10  Rule 30  rule-30
✓  and 17 more that passed

✗  Rule 3
   expected   rule-3 is so
   seen       rule-3 is failed
   see it     $ show rule-3
              output of rule-3
   hint       Where does rule-3 come from?
280/300 points  ·  Ctrl-C leaves  ·  Docker 28.5 on this machine`);
  });

  test('what failed is cut only when no rule that passed is left', () => {
    const long = { output: Array.from({ length: 20 }, (_, i) => `line ${i}`).join('\n'), what: 'docker inspect web' };
    const state = settled(lab, [
      ...verdicts([2, 7]).slice(0, -2),
      verdict('rule-29', 'skipped', { withheld: true, actual: 'it would disturb' }),
      verdict('rule-30', 'skipped', { withheld: true, actual: 'it would disturb' }),
    ]);
    state.labs[0]!.rules[1] = { ...state.labs[0]!.rules[1]!, evidence: [long], actual: 'many words '.repeat(30) };
    state.labs[0]!.rules[9]!.checking = true;
    expect(screen(state)).toBe(`a-lab: A lab
✗   0/10  Rule 2  rule-2
✗   0/10  Rule 7  rule-7
✓  and 25 more that passed, 2 not judged here, 1 being checked

✗  Rule 2
   expected   rule-2 is so
   seen       many words many words many words many words many words many words
              many words many words many words many words many words many words
              many words many words many words many words many words many words
              many words many words many words many words many words many words
              many words many words many words many words many words many words
   see it     $ docker inspect web
              line 0
              line 1
              line 2
              line 3
              line 4
              … 15 more lines
   hint       Where does rule-2 come from?
–  20 more points are not judged here: rule-29, rule-30 (it would disturb)
   → npm run grade -- --lab a-lab
260/280 points  ·  Ctrl-C leaves  ·  Docker 28.5 on this machine`);
  });

  test.each([
    [24, 80],
    [10, 40],
    [5, 20],
    [2, 8],
    [1, 1],
  ])('%i lines of %i columns are never exceeded', (height, width) => {
    const states = [good, bad, settled(lab, verdicts([3, 30])), settled(lab, verdicts([...Array(31).keys()]))];
    for (const state of states) {
      const lines = screenLines(state, { width, height, colours: false });
      expect([lines.length < Math.max(height, 2), lines.filter((line) => widthOf(line) > width)]).toEqual([true, []]);
    }
  });
});

test.each([
  ['narrower', { columns: 52, rows: 24 }],
  ['lower', { columns: 80, rows: 12 }],
  ['larger', { columns: 120, rows: 40 }],
  ['smaller', { columns: 30, rows: 9 }],
])('a terminal that gets %s shows the screen once, and nothing of what was drawn before', async (_, size) => {
  const terminal = new TestTerminal({ columns: 80, rows: 24 });
  const display = new ScreenDisplay(terminal.stream, false);
  display.show(unseen([LAB], 'Docker on this machine'));
  display.show(bad);
  for (const next of [size, { columns: 80, rows: 24 }, size]) await terminal.resize(next);
  const lines = screenLines(bad, { width: size.columns, height: size.rows, colours: false });
  expect(await terminal.seen()).toBe(lines.join('\n').trimEnd());
  display.show(good);
  const then = screenLines(good, { width: size.columns, height: size.rows, colours: false });
  expect(await terminal.seen()).toBe(then.join('\n').trimEnd());
  display.end();
});

describe('a student’s text', () => {
  const hostile = 'a\u001b[2J\u001b]0;x\u0007\u202eb\u2028c\r\u009b3A';
  const state = settled(labOfRules({ one: hostile }), [
    verdict('one', 'failed', {
      expected: hostile,
      actual: hostile,
      evidence: [{ what: hostile, output: `${hostile}\n${hostile}` }],
    }),
  ]);

  test.each([
    ['on the screen', screenLines(state, TERMINAL)],
    ['without end', screenLines(state, ENDLESS)],
    ['in a log', [changeLine({ lab: 'l', rule: state.labs[0]!.rules[0]! }, new Date(), true)]],
  ])('cannot steer a terminal %s', (_, lines) => {
    // eslint-disable-next-line no-control-regex -- control characters are what must not be there
    expect(lines.filter((line) => /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e]/.test(line))).toEqual([]);
  });
});

describe('widths', () => {
  test.each([
    ['abc', 3],
    ['日本', 4],
    ['e\u0301', 1],
    ['👩‍👩‍👧', 2],
    ['a\u200bb', 2],
  ])('%j takes %i columns', (text, width) => {
    expect(widthOf(text)).toBe(width);
  });

  test('a line is cut where the terminal ends, never through a character', () => {
    expect([cut('abcdef', 6), cut('abcdef', 5), cut('日本語', 5), cut('日本語', 4), cut('abc', 0)]).toEqual([
      'abcdef',
      'abcd…',
      '日本…',
      '日…',
      '',
    ]);
  });

  test('a text is broken between words, and a long word anywhere', () => {
    expect([wrap('one two three', 7), wrap('abcdefgh', 3), wrap('', 5)]).toEqual([
      ['one two', 'three'],
      ['abc', 'def', 'gh'],
      [''],
    ]);
  });
});

describe('a log', () => {
  const log = (...states: WatchState[]): string => {
    let text = '';
    const display = new LogDisplay({ write: (chunk: string | Uint8Array) => ((text += String(chunk)), true) });
    for (const state of states) display.show(state);
    return text.replaceAll(/^\d\d:\d\d:\d\d /gm, 'TIME ');
  };
  const whole = `${screenLines(good, ENDLESS).join('\n')}\n`;

  test('has the whole state once, when everything was looked at, and nothing while nothing changes', () => {
    expect(log(unseen([LAB], ''), good, good)).toBe(whole);
  });

  test('has a line for each rule that changes', () => {
    expect(log(good, bad, good)).toBe(
      `${whole}TIME ✗ attached  web is on net-a and net-b; net-b should not be there, and this sentence is too long for the line
TIME ✓ attached  web is on net-a and on nothing else
`,
    );
  });

  test('says once that the connection was lost, and when it is back', () => {
    const lost = withTrouble(good, 'the connection was lost');
    expect(log(good, lost, lost, good)).toBe(`${whole}TIME the connection was lost\nTIME looking again\n`);
  });
});
