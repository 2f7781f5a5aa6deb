import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parse } from 'yaml';
import { keyOf, lettersOf, optionsOf, type Letter } from '../../helpers/lab/self-check-question.ts';
import { QUESTIONS } from '../../specs/self-check/index.ts';
import { EXPERIMENTS } from '../helpers/self-check/experiments.ts';

const LETTERS: Letter[] = ['a', 'b', 'c', 'd', 'e'];
const MOST_OF_ONE_LETTER = 0.6;

describe.each(QUESTIONS)('$id', (question) => {
  test('has four or five options, in alphabetical order, of which some hold and some do not', () => {
    const letters = lettersOf(question);
    expect(letters).toEqual(LETTERS.slice(0, letters.length));
    expect([4, 5]).toContain(letters.length);
    const right = keyOf(question).length;
    expect(right > 0 && right < letters.length).toBe(true);
  });

  test('gives a reason for each option, and no two are the same', () => {
    const texts = optionsOf(question).flatMap(([, { says, why }]) => [says, why]);
    expect(new Set(texts).size).toBe(texts.length);
    for (const [, { why }] of optionsOf(question)) expect(why).toMatch(/^\S.{20,}[.)]$/);
  });

  test('is decided by its experiment, every option of it', () => {
    const decided = EXPERIMENTS[question.experiment]?.decides[question.id] ?? {};
    expect(Object.keys(decided)).toEqual(lettersOf(question));
  });
});

test('every experiment decides questions that there are', () => {
  const decided = Object.values(EXPERIMENTS).flatMap(({ decides }) => Object.keys(decides));
  expect(decided.sort()).toEqual(QUESTIONS.map(({ id }) => id).sort());
});

test('about half of the questions have several right options', () => {
  const several = QUESTIONS.filter((question) => keyOf(question).length > 1).length;
  expect(several / QUESTIONS.length).toBeGreaterThan(0.4);
  expect(several / QUESTIONS.length).toBeLessThan(0.6);
});

test('no letter is right much more often than others', () => {
  for (const letter of LETTERS) {
    const options = QUESTIONS.map(({ options }) => options[letter]).filter((each) => each !== undefined);
    const right = options.filter(({ holds }) => holds).length;
    expect(right / options.length).toBeLessThan(MOST_OF_ONE_LETTER);
    expect(right).toBeGreaterThan(0);
  }
});

test('the example is the key', () => {
  const example = parse(readFileSync('submissions/example-good/self-check/answers.yaml', 'utf8')) as object;
  expect(example).toEqual(Object.fromEntries(QUESTIONS.map((question) => [question.id, keyOf(question)])));
});
