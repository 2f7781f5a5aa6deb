import { expect, test } from '@jest/globals';
import type { Sample } from '../../helpers/survey/experiment-facts.ts';
import { commonKind, differInKind, isOfKind, touchesBackend } from '../../helpers/survey/samples.ts';

const answered = (body: string, status = 200): Sample => ({ outcome: 'answered', status, body, ms: 5 });
const silent: Sample = { outcome: 'no-answer', ms: 1000 };

const hello = [answered('Hello from the MongoDB client!'), answered('Hello from the MongoDB client!')];
const stored = [
  answered('Request information stored successfully: 65f1c0ffee'),
  answered('Request information stored successfully: 65f1c0fff0'),
];

test('another text is another kind', () => {
  expect(differInKind(hello, [answered('Server not available')])).toBe(true);
});

test('no answer is another kind than an answer', () => {
  expect(differInKind(hello, [silent, silent])).toBe(true);
});

test('ids do not make another kind', () => {
  expect(differInKind(stored, [answered('Request information stored successfully: 77aa99')])).toBe(false);
});

test('a text that only grows is another kind', () => {
  expect(differInKind([answered('stored')], [answered('not stored'), answered('not stored')])).toBe(true);
});

test('texts drawn at random prove nothing', () => {
  const before = ['red', 'blue', 'green', 'red'].map((word) => answered(`${word} hello`));
  expect(differInKind(before, [answered('yellow hello'), answered('blue hello')])).toBe(false);
});

test('answers that differ among themselves still differ from silence', () => {
  expect(differInKind([answered('red'), answered('blue')], [silent, silent])).toBe(true);
});

test('a mixture of silence and errors differs from the answers', () => {
  expect(differInKind(hello, [silent, answered('Server not available')])).toBe(true);
});

test('one good answer while the database is away is enough to be no difference', () => {
  expect(differInKind(hello, [silent, answered('Hello from the MongoDB client!')])).toBe(false);
});

test('nothing in common means no kind', () => {
  expect(commonKind([])).toBeUndefined();
  expect(commonKind([silent, answered('x')])).toBeUndefined();
});

test('a kind asks for its status and all of its words', () => {
  const kind = commonKind(hello)!;
  expect(isOfKind(answered('Hello from the MongoDB client! 17'), kind)).toBe(true);
  expect(isOfKind(answered('Hello from the MongoDB client!', 500), kind)).toBe(false);
  expect(isOfKind(answered('Hello'), kind)).toBe(false);
});

const experiment = {
  front: 'nginx',
  backend: 'mongo',
  url: 'http://x/',
  before: hello,
  away: [silent],
  after: [hello[0]!],
  tries: 1,
};

test('texts drawn at random that share a word by chance are no proof, once there are enough of them', () => {
  const words = ['happy', 'quick', 'friendly', 'fine', 'stored'];
  const random = (seed: number): Sample =>
    answered(`${words[seed % 5]!} ${words[(seed * 3 + 1) % 5]!} ${words[(seed + 2) % 5]!}`);
  const draw = (from: number): Sample[] => Array.from({ length: 6 }, (_, i) => random(from + i));
  expect(
    touchesBackend({
      front: 'nginx',
      backend: 'mongo',
      url: 'http://x/',
      before: draw(0),
      away: draw(6),
      after: draw(12),
      tries: 1,
    }),
  ).toBe(false);
});

test('the database is touched when answers go away with it and come back with it', () => {
  expect(touchesBackend(experiment)).toBe(true);
});

test.each([
  ['an answer that is an error', { ...experiment, before: [answered('broken', 500)] }],
  ['an answer that does not come back', { ...experiment, after: [silent] }],
  ['an experiment that was not made', { ...experiment, away: [], after: [] }],
  ['a canned answer', { ...experiment, away: [hello[0]!] }],
])('%s is no proof', (_, facts) => {
  expect(touchesBackend(facts)).toBe(false);
});
