import { describe, expect, test } from '@jest/globals';
import { parseAnswers, troubleWith } from '../../helpers/submission/answers.ts';
import { addressesIn, hostEndsIn, innerEndsIn, networkNameIn } from '../../helpers/judge/answers/extract.ts';

describe('reading answers.yaml', () => {
  const read = (text: string | undefined): unknown => parseAnswers(text, 'answers.yaml');

  test('values, lists and mappings become lines', () => {
    const text = 'q1: bridge\nQ2: [1, two]\nq3: {inside: eth0, list: [a, b]}\nq4: |\n  one\n  two\nq5:\n';
    expect(read(text)).toEqual({
      given: {
        q1: ['bridge'],
        q2: ['1', 'two'],
        q3: ['inside: eth0', 'list: a', 'list: b'],
        q4: ['one\ntwo'],
        q5: [],
      },
    });
  });

  test('keys that are no questions are left out', () => {
    expect(read('__proto__: {a: 1}\n1: x\nq1: y\n"a b": z')).toEqual({ given: { q1: ['y'] } });
  });

  test('an alias that leads back to itself ends', () => {
    expect(read('a: &a [*a, b]')).toEqual({ given: { a: ['b', 'b', 'b', 'b', 'b'] } });
  });

  test.each([
    ['no file', undefined, /there is no answers.yaml/],
    ['an empty file', '', /^answers.yaml is empty: write an answer after each question's colon$/],
    ['nothing but comments', '# q1: later\n', /^answers.yaml is empty/],
    ['a list', '- bridge', /must be a mapping/],
    ['a sentence', 'It is on bridge.', /must be a mapping/],
    ['a colon without quotes', 'q2: 13: veth1@if12', /not valid YAML.*line 1.*needs quotes/],
    ['a question answered twice', 'q1: a\nq1: b', /not valid YAML.*unique/],
    ['many aliases', 'a: &a [x,x]\nb: &b [*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b]', /not valid YAML/],
    ['a very long file', `q1: ${'x'.repeat(70_000)}`, /longer than 64 KiB/],
  ])('%s is a problem in words', (_, text, problem) => {
    expect(read(text)).toEqual({ problem: expect.stringMatching(problem) });
  });
});

describe('a file in which nothing is answered', () => {
  const trouble = (text: string): string | undefined => troubleWith(parseAnswers(text, 'answers.yaml'), 'answers.yaml');

  test.each([
    '{}',
    '',
    '---\n',
    '# q1: bridge\n',
    'q1:\nq2:\n',
    'q1: ""\nq2: []\nq3: [null]\n',
    'same-port-twice: []\n',
  ])('%j is said to be empty, and what to do', (text) => {
    expect(trouble(text)).toBe("answers.yaml is empty: write an answer after each question's colon");
  });

  test.each(['q1: bridge\nq2:\n', 'q1: 0\n', 'q1: false\n', '1: bridge\n', '"Question 1": bridge\n'])(
    '%j is not empty: each question is judged by itself',
    (text) => {
      expect(trouble(text)).toBeUndefined();
    },
  );
});

describe('what an answer means', () => {
  test.each([
    ['172.17.0.2', ['172.17.0.2']],
    ['It is 172.17.0.2/16.', ['172.17.0.2']],
    ['inet 172.17.0.2/16 brd 172.17.255.255 scope global eth0', ['172.17.0.2']],
    ['inet addr:172.17.0.2  Bcast:172.17.255.255  Mask:255.255.0.0', ['172.17.0.2']],
    ['0.0.0.0  172.17.0.1  0.0.0.0  UG  eth0', ['172.17.0.1']],
    ['172.17.0.0/16 dev eth0 src 172.17.0.2', ['172.17.0.2']],
    ['PING 172.17.0.2 (172.17.0.2): 56 bytes, then 172.18.0.2', ['172.17.0.2', '172.18.0.2']],
    ['172.17.0.300, 1.2.3, 1.2.3.4.5, v10.0.0.1x', []],
    ['127.0.0.11:53', ['127.0.0.11']],
    ['the machines 10.0.0.1, 10.0.0.2 and 10.0.0.1', ['10.0.0.1', '10.0.0.2']],
  ])('addresses in "%s"', (text, addresses) => {
    expect(addressesIn(text).map(({ address }) => address)).toEqual(addresses);
  });

  test('a prefix length is kept wherever it stands', () => {
    expect(addressesIn('10.1.0.2, that is 10.1.0.2/24')).toEqual([{ address: '10.1.0.2', prefix: 24 }]);
  });

  test.each([
    ['veth6a12b17', [{ name: 'veth6a12b17' }]],
    ['13: veth6a12b17@if12: <BROADCAST,UP> mtu 1500', [{ name: 'veth6a12b17', index: 13, peerIndex: 12 }]],
    ['veth6a12b17 (number 13)', [{ name: 'veth6a12b17' }]],
    ['eth0', []],
  ])('the host’s end in "%s"', (text, ends) => {
    expect(hostEndsIn(text)).toEqual(ends);
  });

  test.each([
    ['eth0', [{ name: 'eth0' }]],
    ['12: eth0@if13: <BROADCAST,UP>', [{ name: 'eth0', index: 12, peerIndex: 13 }]],
    ['eth0@if13, the other end of veth0', [{ name: 'eth0', peerIndex: 13 }]],
    ['lo and eth0 and eth1', [{ name: 'eth0' }, { name: 'eth1' }]],
    ['veth6a12b17', []],
  ])('the inner end in "%s"', (text, ends) => {
    expect(innerEndsIn(text)).toEqual(ends);
  });

  test.each([
    ['my-net', 'my-net'],
    ['mynet.', 'mynet'],
    ['name: lab', 'lab'],
    ['I made "lab" and connected it', 'lab'],
    ['docker network create --driver bridge lab', 'lab'],
    ['docker network connect lab busybox', 'lab'],
    ['a user-defined network called lab', 'lab'],
    ['the container was connected to my_net1 while it was running', 'my_net1'],
    ['a network of my own', undefined],
    ['', undefined],
  ])('the network in "%s"', (text, name) => {
    expect(networkNameIn(text)).toBe(name);
  });
});

test.each([
  ['a list', '- q1: a\n- Q2: [b, c]\n'],
  ['below a key', 'answers:\n  q1: a\n  q2: [b, c]\n'],
  ['a list below a key', 'Answers:\n- q1: a\n- q2: [b, c]\n'],
])('answers may be %s', (_, text) => {
  expect(parseAnswers(text, 'answers.yaml')).toEqual({ given: { q1: ['a'], q2: ['b', 'c'] } });
});

test.each(['&a [*a]', '[]', '- a', '- [q1: a]', '- q1: a\n- b', '&a [{ b: { answers: *a } }, c]'])(
  'what is no mapping is none: %j',
  (text) => {
    expect(parseAnswers(text, 'answers.yaml')).toEqual({ problem: expect.stringContaining('must be a mapping') });
  },
);

test.each(['answers: &a { answers: *a }', '&a { answers: &b { answers: *a } }', '&a [{ answers: *a }]'])(
  'what is in itself has an end: %j',
  (text) => {
    expect(JSON.stringify(parseAnswers(text, 'answers.yaml')).length).toBeLessThan(10_000);
  },
);

describe('what is no YAML is read line by line', () => {
  const QUESTIONS = ['q1', 'q2', 'q3'];
  test.each<[string, string, Record<string, string[]>]>([
    ['a colon', 'q1: bridge\nq2: 7: veth1@if6\n', { q1: ['bridge'], q2: ['7: veth1@if6'] }],
    ['a sign of YAML', 'q1: @eth0\nq2: `x`\nq3: %a', { q1: ['@eth0'], q2: ['`x`'], q3: ['%a'] }],
    ['a tab', 'q1:\tbridge: x\n\tmore: y\n', { q1: ['bridge: x', 'more: y'] }],
    [
      'an answer of several lines',
      'q1: |\n  one: two\nthree: four: five\n# a note\nQ2: x',
      { q1: ['one: two', 'three: four: five'], q2: ['x'] },
    ],
    [
      'quotes and lists',
      'q1: "a: b"\nq2: [1.1.1.1, 2.2.2.2]\nq3:\n - a: b: c\n',
      { q1: ['a: b'], q2: ['1.1.1.1, 2.2.2.2'], q3: ['a: b: c'] },
    ],
    ['a question that is answered twice', 'q1: a\nq1: b\n', { q1: ['b'] }],
    ['lines of Windows', 'q1: a: b\r\nq2: c\r\n', { q1: ['a: b'], q2: ['c'] }],
    ['other signs than a colon', 'q1：bridge\nQ2. veth1\nq3 = eth0\n', { q1: ['bridge'], q2: ['veth1'], q3: ['eth0'] }],
    ['words for a question', 'Question 1: a: b\nQ 2) c\nanswer3: d\n', { q1: ['a: b'], q2: ['c'], q3: ['d'] }],
    ['numbers for questions', '1. 10.0.0.5: x\n2) 7: veth1@if6\n', { q1: ['10.0.0.5: x'], q2: ['7: veth1@if6'] }],
    ['numbers that are none', 'q1: a: b\n3: veth1@if6\n2. c\n', { q1: ['a: b', '3: veth1@if6', '2. c'] }],
    ['a text of lines', '1. bridge\n2. veth1\n', { q1: ['bridge'], q2: ['veth1'] }],
    ['addresses', '1. a: b\n1.1.1.2\n2.2.2.2 x: y\n', { q1: ['a: b', '1.1.1.2', '2.2.2.2 x: y'] }],
    ['a question of another lab', 'q1: a: b\nq9: c: d\n', { q1: ['a: b', 'q9: c: d'] }],
  ])('%s', (_, text, given) => {
    expect(parseAnswers(text, 'answers.yml', QUESTIONS)).toEqual({
      given,
      note: expect.stringMatching(
        /^answers\.yml (?:is not valid YAML|must be a mapping).*: .* It was read line by line/,
      ),
    });
  });

  test.each(['1: a\n2: b\n', 'Q1: a\nQ 2: b\n', 'Question 1: a\nanswer_02: b\n', 'answers: {1: a, "q.2": b}'])(
    'the number of a question is enough in YAML, too: %j',
    (text) => {
      expect(parseAnswers(text, 'answers.yaml', QUESTIONS)).toEqual({ given: { q1: ['a'], q2: ['b'] } });
    },
  );

  test('the parser’s advice to programmers is left out', () => {
    expect(parseAnswers('a: 1\n---\nq1: b\n', 'answers.yaml', QUESTIONS)).toMatchObject({
      given: { q1: ['b'] },
      note: expect.not.stringContaining('parseAllDocuments'),
    });
  });

  test('but not what answers no question, or where the questions are not known', () => {
    expect(parseAnswers('a: b: c', 'answers.yaml', QUESTIONS)).toEqual({ problem: expect.stringContaining('quotes') });
    expect(parseAnswers('q1: b: c', 'answers.yaml')).toEqual({ problem: expect.stringContaining('quotes') });
  });

  test('and what is YAML is never', () => {
    expect(parseAnswers('q1: a\nq2: "q3: b"\n', 'answers.yaml', QUESTIONS)).toEqual({
      given: { q1: ['a'], q2: ['q3: b'] },
    });
  });
});
