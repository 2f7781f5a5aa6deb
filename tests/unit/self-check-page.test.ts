/** What the built page gives away: the questions, and nothing of their answers. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { choiceOf, open, type SealedQuestion } from '../../helpers/report/self-check/box.ts';
import { selfCheckBody } from '../../helpers/report/self-check/markup.ts';
import { keyOf, lettersOf, optionsOf, type Question, type Theme } from '../../helpers/lab/self-check-question.ts';
import { choicesOf, seal } from '../../helpers/report/self-check/seal.ts';
import { QUESTIONS, THEMES } from '../../specs/self-check/index.ts';

/** How long it takes is not what is tested. */
const ITERATIONS = 2;
/** A part of a reason that is longer than this gives it away. */
const TELLING = 25;

let sealed: SealedQuestion[];
let text: string;

beforeAll(async () => {
  sealed = await seal(QUESTIONS, ITERATIONS);
  text = String(await selfCheckBody(THEMES, sealed));
});

test('every question and every option can be read', () => {
  const read = text
    .replaceAll(/<[^>]*>/g, '')
    .replaceAll('&amp;', '&')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'");
  for (const { title, asks, options } of QUESTIONS) {
    const said = [title, asks, ...Object.values(options).map(({ says }) => says)];
    expect(said.filter((each) => !read.includes(each.replaceAll('`', '')))).toEqual([]);
  }
});

test('no reason stands in it, not even a part of one', () => {
  const plain = text.replaceAll(/<[^>]*>/g, '');
  const parts = QUESTIONS.flatMap((question) => optionsOf(question).flatMap(([, { why }]) => why.split(/[`’'"&<>]/)));
  const telling = parts.filter((part) => part.length > TELLING);
  expect(telling.length).toBeGreaterThan(QUESTIONS.length);
  expect(telling.filter((part) => plain.includes(part))).toEqual([]);
});

test('no key stands in it', () => {
  expect(/"holds"|"why"|:\s*(true|false)/.exec(text)?.[0]).toBeUndefined();
  expect([...new Set(sealed.flatMap((each) => Object.keys(each)))]).toEqual([
    'id',
    'salt',
    'iterations',
    'feedback',
    'boxes',
  ]);
});

test('sealed texts are of one length, and boxes are', () => {
  const lengths = (of: string[]): number[] => [...new Set(of.map((each) => each.length))];
  expect(lengths(sealed.map(({ feedback }) => feedback))).toHaveLength(1);
  expect(lengths(sealed.flatMap(({ boxes }) => Object.values(boxes)))).toHaveLength(1);
});

test('there is a box for every choice, in an order that every key has', () => {
  expect(sealed.map(({ boxes }) => Object.keys(boxes))).toEqual(QUESTIONS.map(choicesOf));
  for (const question of QUESTIONS) expect(new Set(choicesOf(question)).size).toBe(2 ** lettersOf(question).length - 1);
});

describe('a page with the opposite key', () => {
  const opposite = (question: Question): Question => ({
    ...question,
    options: Object.fromEntries(
      optionsOf(question).map(([letter, option]) => [letter, { ...option, holds: !option.holds }]),
    ),
  });

  test('differs in random-looking characters only, and in none of their number', async () => {
    const themes: Theme[] = THEMES.map(({ title, questions }) => ({ title, questions: questions.map(opposite) }));
    const other = await seal(QUESTIONS.map(opposite), ITERATIONS);
    const shape = (page: string): string =>
      page.replaceAll(/"[A-Za-z0-9+/]{20,}={0,2}"/g, (each) => String(each.length));
    expect(shape(String(await selfCheckBody(themes, other))) === shape(text)).toBe(true);
  });
});

test('a box opens with its own choice, and with no other', async () => {
  const [question] = QUESTIONS;
  const [box] = sealed;
  const feedback = await open(box!, choiceOf(keyOf(question!)));
  expect(Object.keys(feedback).filter((letter) => feedback[letter]?.holds)).toEqual(keyOf(question!));
  expect(await open(box!, 'abcd')).toEqual(feedback);
  const swapped = { ...box!, boxes: { ...box!.boxes, a: box!.boxes['b']! } };
  await expect(open(swapped, 'a')).rejects.toThrow();
  await expect(open(box!, '')).rejects.toThrow('there is no choice "" of same-port-twice');
});

test('two pages have nothing sealed in common', async () => {
  const [again] = await seal(QUESTIONS.slice(0, 1), ITERATIONS);
  expect(Object.values(again!.boxes).filter((box) => Object.values(sealed[0]!.boxes).includes(box))).toEqual([]);
  expect(again!.salt).not.toBe(sealed[0]!.salt);
});
