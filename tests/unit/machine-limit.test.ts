/** What a submission asks for and this machine, or a stand-in, does not have. */
import { describe, expect, test } from '@jest/globals';
import { machineLimit } from '../../helpers/deploy/machine-limit.ts';
import { standInLack } from '../../helpers/deploy/stand-in-lacks.ts';

describe('a limit of the grading machine is', () => {
  test.each([
    [
      'processors',
      'Error response from daemon: range of CPUs is from 0.01 to 2.00, as there are only 2 CPUs available',
    ],
    ['processors', 'Requested CPUs are not available - requested 0-7, available: 0-1'],
    ['architecture', 'no matching manifest for linux/amd64 in the manifest list entries'],
    ['kernel', 'modprobe: FATAL: Module sctp not found in directory /lib/modules/6.1'],
    ['kernel', 'failed to create the ipvlan port: ipvlan: operation not supported'],
    ['kernel', 'error starting userland proxy: failed to listen on 0.0.0.0:9000: protocol not supported'],
    ['devices', 'authorization denied by plugin netgrade: a GPU of the machine is not allowed on a lab host: …'],
    ['devices', 'could not select device driver "" with capabilities: [[gpu]]'],
  ])('its %s: %s', (what, line) => {
    expect(machineLimit(['before', `a line\n${line}\nanother`])).toMatch(
      new RegExp(`grading machine .*${what}.*${line.slice(0, 20)}`),
    );
  });

  test.each([
    ['a script without a first line', 'exec /start.sh: exec format error'],
    ['a warning that changes nothing', 'WARNING: Your kernel does not have swap limit capabilities'],
    ['too little memory asked for', 'Error response from daemon: Minimum memory limit allowed is 6MB'],
  ])('not %s', (_, line) => {
    expect(machineLimit([line])).toBeUndefined();
  });

  test('a format that was asked for by its platform', () => {
    const warning =
      "The requested image's platform (linux/arm64/v8) does not match the detected host platform (linux/amd64/v3)";
    expect(machineLimit([warning, 'exec /usr/bin/python: exec format error'])).toMatch(
      /architecture.*exec format error/,
    );
  });
});

describe('a stand-in lacks', () => {
  test.each([
    ['openssl', 'nginx', '0.3 /bin/sh: 1: openssl: not found', 'FROM nginx:1.27\nRUN openssl version'],
    ['gcc', 'python', '/bin/sh: 1: gcc: not found', 'FROM --platform=linux/amd64 python:3.12 AS build'],
    ['mongoimport', 'mongo', 'exec: "mongoimport": executable file not found in $PATH', 'db:\n  image: "mongo:7"'],
  ])('the program %s of the official image of %s', (program, image, line, text) => {
    expect(standInLack([line], [{ text }])).toBe(`netgrade's stand-in for ${image} lacks the program ${program}`);
  });

  test('a program of the image in whose Dockerfile it is called', () => {
    const files = [{ text: 'FROM python:3.12' }, { text: 'FROM nginx\nRUN openssl version' }];
    expect(standInLack(['/bin/sh: 1: openssl: not found'], files)).toContain('stand-in for nginx lacks');
  });

  test.each([
    ['a program that no image has', '/bin/sh: 1: opensl: not found', 'FROM nginx'],
    ['one that only the whole image has', '/bin/sh: 1: gcc: not found', 'FROM python:3.12-slim'],
    ['one in another image', '/bin/sh: 1: gcc: not found', 'FROM me/python:3.12'],
    ['one that the machine itself lacks', 'run.sh: line 3: openssl: command not found', 'FROM nginx'],
  ])('not %s', (_, line, text) => {
    expect(standInLack([line], [{ text }])).toBeUndefined();
  });

  test('what it says itself', () => {
    const line = '{"s": "W", "msg": "netgrade\'s stand-in for mongo lacks --replSet (it is no replica set)"}';
    expect(standInLack(['', line], [])).toBe("netgrade's stand-in for mongo lacks --replSet (it is no replica set)");
  });

  test.each(['http2', 'sub_filter', 'js_import', 'auth_request'])(
    'the directive %s of the official nginx',
    (directive) => {
      const line = `nginx: [emerg] unknown directive "${directive}" in /etc/nginx/conf.d/default.conf:3`;
      expect(standInLack([line], [])).toBe(`netgrade's stand-in for nginx lacks ${directive}`);
    },
  );

  test('not a directive that nobody has', () => {
    expect(standInLack(['nginx: [emerg] unknown directive "proxy_passs" in default.conf:3'], [])).toBeUndefined();
  });

  test.each([
    ['FROM nginx:1.27-alpine\nRUN apk add curl', 'nginx'],
    ['FROM python:3.12-alpine AS base', 'python'],
    ['    image: "python:3-alpine3.20"', 'python'],
  ])('apk in %j', (text, repository) => {
    expect(standInLack(['/bin/sh: 1: apk: not found'], [{ text }])).toMatch(
      `stand-in for ${repository} (alpine) lacks apk`,
    );
  });

  test('no apk that the official image has not, either', () => {
    expect(standInLack(['/bin/sh: 1: apk: not found'], [{ text: 'FROM nginx\nRUN apk add curl' }])).toBeUndefined();
  });
});
