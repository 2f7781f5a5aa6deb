/** What self-test looks like. */
import { describe, expect, test } from '@jest/globals';
import type { Verdict } from '../../helpers/lab/verdict.ts';
import { LogDisplay } from '../../helpers/run/watch/log-display.ts';
import { changeLine, ENDLESS, screenLines } from '../../helpers/run/watch/screen.ts';
import { afterLook, unseen, withLab, withTrouble, type WatchState } from '../../helpers/run/watch/state.ts';
import { cut, widthOf, wrap } from '../../helpers/run/watch/text.ts';
import { labOfRules, settled, verdict } from '../helpers/watched.ts';

const LAB = labOfRules({ runs: 'web runs', attached: 'web is on net-a and on nothing else', asks: 'web asks db' });
const TERMINAL = { width: 80, height: 24, colours: false };
const screen = (state: WatchState, size = TERMINAL): string => screenLines(state, size).join('\n');

const withheld = verdict('asks', 'skipped', { withheld: true });
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

test('why nothing new can be seen stands where the first rule stood', () => {
  expect(screen(withTrouble(bad, 'the connection was lost; trying again'))).toContain(`

   !          the connection was lost; trying again

10/20`);
});

describe('many rules', () => {
  const lab = labOfRules(Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`rule-${i + 1}`, `Rule ${i + 1}`])));
  const verdicts = (failing: number[]): Verdict[] =>
    Object.keys(lab.criteria).map((id, i) => verdict(id, failing.includes(i + 1) ? 'failed' : 'passed'));

  test('in a small terminal, what holds is left out first', () => {
    expect(screen(settled(lab, verdicts([3, 30])))).toBe(`a-lab: A lab
✗   0/10  Rule 3  rule-3
✓  10/10  Rule 18  rule-18
✓  10/10  Rule 19  rule-19
✓  10/10  Rule 20  rule-20
✓  10/10  Rule 21  rule-21
✓  10/10  Rule 22  rule-22
✓  10/10  Rule 23  rule-23
✓  10/10  Rule 24  rule-24
✓  10/10  Rule 25  rule-25
✓  10/10  Rule 26  rule-26
✓  10/10  Rule 27  rule-27
✓  10/10  Rule 28  rule-28
✓  10/10  Rule 29  rule-29
✗   0/10  Rule 30  rule-30
✓  and 16 more that passed

✗  Rule 3
   expected   rule-3 is so
   seen       rule-3 is failed
   see it     $ show rule-3
   hint       Where does rule-3 come from?
280/300 points  ·  Ctrl-C leaves  ·  Docker 28.5 on this machine`);
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
