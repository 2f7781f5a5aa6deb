import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { lexer, walkTokens, type Token } from 'marked';
import { commentOn } from '../../helpers/report/formats/markdown.ts';
import {
  anyRubricRecord,
  HOSTILE,
  hostileRecord,
  LONG_LINE,
  MANY_LINES,
  recordWith,
  RUNS,
} from '../helpers/records.ts';

const MOST = 65_536;
const OURS = ['heading', 'space', 'paragraph', 'list', 'list_item', 'table', 'code', 'text', 'strong', 'escape'];

function typesIn(markdown: string): Set<string> {
  const types = new Set<string>();
  void walkTokens(lexer(markdown, { gfm: true }), (token: Token) => {
    types.add(token.type);
  });
  return types;
}

test('puts first what is not met, and keeps parts of points', () => {
  const text = commentOn(
    recordWith([
      { status: 'passed', score: 0.1, maxScore: 0.1 },
      { status: 'passed', score: 0.2, maxScore: 0.2 },
      { status: 'skipped', blockedBy: 'c3', actual: 'no container' },
      { title: 'the failed one' },
    ]),
  );
  expect(text).toContain('## Autograding of alice: 0.3 / 20.3');
  expect(text.match(/^\| \S+ .*$/gm)!.map((row) => row.split(' | ')[1])).toEqual([
    'Criterion',
    'the failed one',
    'rule 2',
    'rule 0',
    'rule 1',
  ]);
  expect(text.indexOf('#### ✗ failed: the failed one')).toBeLessThan(text.indexOf('#### – not judged: rule 2'));
  expect(text).toContain('not judged, because of "the failed one" (c3): no container');
});

describe('a comment that GitHub takes', () => {
  test.each([
    [1, LONG_LINE, MANY_LINES],
    [14, LONG_LINE, MANY_LINES],
    [60, LONG_LINE.slice(0, 9000), MANY_LINES.slice(0, 9000)],
    [400, LONG_LINE.slice(0, 9000), MANY_LINES.slice(0, 9000)],
  ])('has at most 65,536 characters, with %d long failures', (failures, actual, output) => {
    const huge = Array.from({ length: failures }, () => ({ actual, evidence: [{ what: 'cat it', output }] }));
    const text = commentOn(recordWith(huge));
    expect(text.length).toBeLessThanOrEqual(MOST);
    expect(text).toMatch(/\(cut\)|There is not enough room here for what was expected and seen/);
    expect(text.match(/^\| ✗ failed/gm)).toHaveLength(failures);
  });

  test('says so when there is no room for all of the table either', () => {
    const text = commentOn(recordWith(Array.from({ length: 2000 }, () => ({ title: 'x'.repeat(100) }))));
    expect(text.length).toBeLessThanOrEqual(MOST);
    expect(text).toMatch(/\nThis report was cut: [^\n]*\n$/);
  });
});

test('nothing in it is a link, an image, HTML or a mention, whatever a student wrote', () => {
  const check = (text: string): void => {
    expect([...typesIn(text)].filter((type) => !OURS.includes(type))).toEqual([]);
    expect(text.length).toBeLessThanOrEqual(MOST);
  };
  check(commentOn(hostileRecord(HOSTILE)));
  fc.assert(
    fc.property(anyRubricRecord, (record) => {
      check(commentOn(record));
    }),
    RUNS,
  );
  // What would be, without all this.
  expect([...typesIn(HOSTILE)]).toEqual(expect.arrayContaining(['link', 'html']));
});
