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
