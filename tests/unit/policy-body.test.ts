import { describe, expect, test } from '@jest/globals';
import { fieldOf, readBody } from '../../helpers/machine/policy/body.ts';

describe('a body as Go reads it', () => {
  test('a field is found in any case', () => {
    const body = readBody('{"hostCONFIG": {"pRIVILEGED": true, "ſecurityOpt": ["x"]}}');
    const settings = fieldOf(body, 'HostConfig');
    expect(fieldOf(settings, 'Privileged')).toBe(true);
    expect(fieldOf(settings, 'SecurityOpt')).toEqual(['x']);
    // The Kelvin sign is a k.
    expect(fieldOf(readBody('{"Mas\u212AedPaths": []}'), 'MaskedPaths')).toEqual([]);
  });

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
