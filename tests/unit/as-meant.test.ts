/** Texts of other systems: what they mean, and what is no text and stays as it is. */
import { describe, expect, test } from '@jest/globals';
import { asMeant } from '../../helpers/submission/as-meant.ts';
import { withoutSyntax } from '../../helpers/submission/items.ts';

function utf16(text: string, { big = false, mark = true } = {}): Buffer {
  const little = Buffer.from((mark ? '\ufeff' : '') + text, 'utf16le');
  return big ? little.swap16() : little;
}

describe('a text is read as it is meant', () => {
  test.each<[string, Buffer, string, string[]]>([
    ['line endings of Windows', Buffer.from('a\r\nb\r\n'), 'a\nb\n', ['Windows line endings']],
    ['a byte order mark', Buffer.from('\ufeff#!/bin/bash\n'), '#!/bin/bash\n', ['a byte order mark']],
    ['UTF-16 of Windows', utf16('services:\r\n  a: ä\r\n'), 'services:\n  a: ä\n', ['UTF-16', 'Windows line endings']],
    ['UTF-16 the other way round', utf16('docker run -d nginx\n', { big: true }), 'docker run -d nginx\n', ['UTF-16']],
    ['UTF-16 without a mark', utf16('FROM nginx\n', { mark: false }), 'FROM nginx\n', ['UTF-16']],
    ['UTF-16 in Hebrew', utf16('# שלום\nq1: bridge\n'), '# שלום\nq1: bridge\n', ['UTF-16']],
    ['one odd line', Buffer.from('a\r\nb\nc'), 'a\nb\nc', ['Windows line endings']],
    ['nothing odd', Buffer.from('a\nb\rc\n'), 'a\nb\rc\n', []],
    ['nothing at all', Buffer.alloc(0), '', []],
  ])('%s', (_, content, text, foreign) => {
    const meant = asMeant('run.sh', content);
    expect([meant.content.toString(), meant.foreign]).toEqual([text, foreign]);
  });

  test('in the character set of one language, where the name says that it is text', () => {
    const content = Buffer.concat([Buffer.from('echo caf'), Buffer.from([0xe9]), Buffer.from('\r\n')]);
    expect(asMeant('a/run.sh', content).content).toEqual(Buffer.from('echo caf\xe9\n', 'latin1'));
    expect(asMeant('a/photo', content).content).toBe(content);
  });
});

test.each<[string, Buffer]>([
  ['a picture', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d])],
  ['numbers', Buffer.from([1, 0, 2, 0, 3, 0, 4, 0, 13, 10, 5, 0])],
  ['half a sign', Buffer.from([0xff, 0xfe, 0x00, 0xd8])],
  ['what is too large to be written by hand', Buffer.from('a\r\n'.repeat(400_000))],
])('%s stays as it is', (_, content) => {
  expect(asMeant('a.txt', content)).toEqual({ content, foreign: [] });
});

describe('a line that names the program for a Dockerfile is dropped, and all other lines keep their numbers', () => {
  test.each([
    ['# syntax=docker/dockerfile:1\nFROM a\n', '#\nFROM a\n'],
    ['#syntax = docker.io/docker/dockerfile:1.7-labs\n\nFROM a\n', '#\n\nFROM a\n'],
    ['# syntax=docker/dockerfile@sha256:abc\n# escape=`\nFROM a\n', '# escape=`\n#\nFROM a\n'],
    ['# escape=`\n# syntax=docker/dockerfile\nFROM a', '# escape=`\n#\nFROM a'],
    ['# syntax=docker/dockerfile:1', '#'],
  ])('%j', (text, expected) => {
    expect(withoutSyntax(Buffer.from(text)).toString()).toBe(expected);
  });

  test.each([
    'FROM a\n# syntax=docker/dockerfile:1\n',
    '# a comment\n# syntax=docker/dockerfile:1\nFROM a\n',
    '# syntax=me/of-my-own:1\nFROM a\n',
    '#!/bin/sh\n',
  ])('%j has none', (text) => {
    expect(withoutSyntax(Buffer.from(text)).toString()).toBe(text);
  });
});
