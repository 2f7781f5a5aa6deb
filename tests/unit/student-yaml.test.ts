import { describe, expect, test } from '@jest/globals';
import { parseAnswers } from '../../helpers/submission/answers.ts';
import { parseManifest } from '../../helpers/submission/manifest.ts';
import { parseStudentYaml } from '../../helpers/base/student-yaml.ts';

test('values are plain, and keys what is written', () => {
  expect(parseStudentYaml('a: [1, x]\n1: y\n? [b]\n: left out\nc: { d: null }')).toEqual({
    a: [1, 'x'],
    '1': 'y',
    c: { d: null },
  });
});

test('a value may contain itself', () => {
  const { a } = parseStudentYaml('a: &a [*a, b]') as { a: unknown[] };
  expect(a[0]).toBe(a);
});

test('no key means something else', () => {
  const content = parseStudentYaml('__proto__: { deploy: live }\nconstructor: x') as Record<string, unknown>;
  expect(Object.keys(content)).toEqual(['__proto__', 'constructor']);
  expect(content['deploy']).toBeUndefined();
});

// Each of them once kept a parser busy for seconds to hours, or ended it.
describe.each([
  ['keys in keys', '? '.repeat(400)],
  ['keys in keys without end', '? '.repeat(30_000)],
  ['lists in lists', '['.repeat(60_000)],
  ['mappings in mappings', 'a: {'.repeat(15_000)],
  ['aliases upon aliases', 'a: &a [x,x,x]\nb: &b [*a,*a,*a]\nc: &c [*b,*b,*b]\nd: [*c,*c,*c]'],
  ['too much of it', `a: ${'x'.repeat(70_000)}`],
])('%s', (_, text) => {
  test('as answers are a problem, or none', () => {
    const answers = parseAnswers(text, 'answers.yaml');
    expect(['given', 'problem'].filter((key) => key in answers)).toHaveLength(1);
  });

  test('as a manifest are refused in a sentence, or say nothing', () => {
    let said = '';
    try {
      expect(parseManifest(text)).toEqual({ roles: {} });
    } catch (error) {
      said = (error as Error).message;
    }
    expect(said).toMatch(/^(submission\.yaml( is not valid YAML)?[: ].+|)$/);
  });
});
