import { describe, expect, test } from '@jest/globals';
import { parseAnswers } from '../../helpers/submission/answers.ts';
import type { Given } from '../../helpers/judge/answers/judgement.ts';
import { choiceAsText, judgeChoice } from '../../helpers/judge/answers/choice.ts';
import { fails, holds, type Question } from '../../helpers/lab/self-check-question.ts';

const question: Question = {
  id: 'ports',
  title: 'Ports',
  setup: '',
  asks: '?',
  options: { a: holds('One.', ''), b: fails('Two.', ''), c: holds('Three.', ''), d: fails('Four.', '') },
  hint: '',
  experiment: '',
};

function given(text: string): Given {
  const answers = parseAnswers(text, 'answers.yaml');
  if ('problem' in answers) throw new Error(answers.problem);
  return answers.given;
}

const troubleWith = (text: string): string | undefined =>
  judgeChoice(question, given(text), 'answers.yaml', [question]).trouble;

describe('the right options', () => {
  test.each(['ports: [a, c]', 'ports: [c, a, a]', 'ports: c a', 'PORTS: "A, C"', 'ports:\n  - a\n  - c', 'ports: a;c'])(
    'as %j',
    (text) => {
      expect(troubleWith(text)).toBeUndefined();
    },
  );
});

describe('what is wrong is said, and what is right is not', () => {
  test.each([
    ['one too few', 'ports: [a]', /^chosen: a; these are not exactly the right options$/],
    ['one too many', 'ports: [a, b, c]', /^chosen: a, b, c; these are not exactly the right options$/],
    ['nothing', 'ports: []', /^nothing is chosen$/],
    ['null', 'ports:', /^nothing is chosen$/],
    [
      'no answer',
      'port: [a, c]',
      /^answers.yaml has no answer to ports; it answers "port", which is not a question of this lab$/,
    ],
    ['no answers', '{}', /^answers.yaml has no answer to ports$/],
    ['a letter too far', 'ports: [a, c, e]', /^"e" is not an option of ports: its options are a, b, c, d/],
    ['a sentence', 'ports: a and c', /^"and" is not an option/],
    ['a mapping', 'ports: {a: true}', /^"a:", "true" is not an option/],
    ['a number', 'ports: 1', /^"1" is not an option/],
    ['a very long word', `ports: ${'x'.repeat(9000)}`, /^"x{100}…" is not an option/],
    ['many words', 'ports: [v, w, x, y, z]', /^"v", "w", "x", … is not an option/],
  ])('%s', (_, text, trouble) => {
    expect(troubleWith(text)).toMatch(trouble);
  });

  test.each(['constructor', 'tostring', 'hasownproperty'])(
    'a question called %s is not answered by JavaScript',
    (id) => {
      const own = { ...question, id };
      expect(judgeChoice(own, {}, 'answers.yaml', [own]).trouble).toBe(`answers.yaml has no answer to ${id}`);
    },
  );
});

test('a choice is shown with its options’ text; anything else in quotes', () => {
  expect(choiceAsText(question, given('ports: [c, a]'))).toBe('a  One.\nc  Three.');
  expect(choiceAsText(question, given('ports: [a, "<b>"]'))).toBe('"a <b>"');
  expect(choiceAsText(question, given('{}'))).toBe('(nothing)');
});
