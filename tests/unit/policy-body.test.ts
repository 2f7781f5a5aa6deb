import { describe, expect, test } from '@jest/globals';
import { fieldOf, folded, readBody } from '../../helpers/machine/policy/body.ts';

/** Everything that is an ASCII character but for its case, as Go compares them. */
const LIKE_ASCII = /[\0-\x7f]/iu;

function foldedOr(key: string, otherwise: string): string {
  try {
    return folded(key);
  } catch {
    return otherwise;
  }
}

describe('a body as Go reads it', () => {
  test('a field is found in any case', () => {
    const body = readBody('{"hostCONFIG": {"pRIVILEGED": true, "ſecurityOpt": ["x"]}}');
    const settings = fieldOf(body, 'HostConfig');
    expect(fieldOf(settings, 'Privileged')).toBe(true);
    expect(fieldOf(settings, 'SecurityOpt')).toEqual(['x']);
    // The Kelvin sign is a k.
    expect(fieldOf(readBody('{"Mas\u212AedPaths": []}'), 'MaskedPaths')).toEqual([]);
  });

  test('every character is folded as by Go, or refused', () => {
    // With these flags, a pattern ignores case by Unicode's simple case folding, as Go does.
    const ascii = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code));
    const same = ascii.map((c) => [c, new RegExp(`^\\u{${c.charCodeAt(0).toString(16)}}$`, 'iu')] as const);
    const takenFor = (character: string): string[] => same.filter(([, like]) => like.test(character)).map(([c]) => c);
    const wrong: string[] = [];
    for (let code = 0; code <= 0x10ffff; code++) {
      const character = String.fromCodePoint(code);
      const equals = code < 128 || LIKE_ASCII.test(character) ? takenFor(character).map(folded) : [];
      const is = foldedOr(character, 'refused');
      const right = equals.length === 0 ? is === 'refused' : equals.every((each) => each === is);
      if (!right) wrong.push(code.toString(16));
    }
    expect(wrong).toEqual([]);
    expect(['\u017F', '\u212A', '\u0131', '\u0130'].map((each) => foldedOr(each, 'refused'))).toEqual([
      ...['s', 'k'],
      ...['refused', 'refused'],
    ]);
  });

  test.each([['{"HostConfig": {"Prıvileged": true}}'], ['{"İnit": 1}'], ['{"ＨostConfig": {}}']])(
    'no field is called as one of %s',
    (text) => {
      expect(() => readBody(text)).toThrow('not the name of a field');
    },
  );

  test.each([
    ['{"a": 1, "a": 2}'],
    ['{"HostConfig": {"Privileged": true}, "HostConfig": {}}'],
    ['{"HostConfig": {"Privileged": true, "privileged": false}}'],
    ['{"HostConfig": {"Labels": {"a": "1", "a": "2"}}}'],
    ['{"HostConfig": {"Pr\\u0069vileged": true, "Privileged": false}}'],
    ['[{"a": 1, "A": 2}]'],
  ])('%s comes twice', (text) => {
    expect(() => readBody(text)).toThrow('comes twice');
  });

  test('keys of maps are somebody’s own words', () => {
    const body = readBody('{"Labels": {"a": "1", "A": "2"}, "DriverOpts": {"type": "nfs", "TYPE": ""}}');
    expect(fieldOf(fieldOf(body, 'DriverOpts'), 'type')).toBe('nfs');
    expect(fieldOf(fieldOf(body, 'Labels'), 'A')).toBe('2');
    expect(readBody('{"Labels": {"größe": "1"}, "Volumes": {"/données": {}}}')).toBeDefined();
  });

  test.each([['{'], ['{} {}'], ['{"a": 1,}'], ["{'a': 1}"], [`${'['.repeat(100)}${']'.repeat(100)}`]])(
    '%s cannot be read',
    (text) => {
      expect(() => readBody(text)).toThrow();
    },
  );

  test('everything that JSON has is read as JSON.parse reads it', () => {
    const text = ' {"a" : [1, -2.5e3, "q\\"\\\\, {}", null, true, []], "b": {"c": false}} ';
    const body = readBody(text);
    expect(fieldOf(body, 'a')).toMatchObject([1, -2500, 'q"\\, {}', null, true, []]);
    expect(fieldOf(fieldOf(body, 'b'), 'c')).toBe(false);
  });
});
