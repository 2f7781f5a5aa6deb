/** The words in which tools say that they had no network, and what only sounds like it. */
import { describe, expect, test } from '@jest/globals';
import {
  downloadFailure,
  imageFailures,
  isPublicHost,
  unsaidFailure,
} from '../../helpers/base/docker/download-failure.ts';

describe('is a failed download:', () => {
  test.each([
    ['curl', 'curl: (6) Could not resolve host: www.example.org'],
    ['curl, to an address', 'curl: (7) Failed to connect to 140.82.121.3 port 443 after 0 ms: Network is unreachable'],
    ['git', "fatal: unable to access 'https://git.example/a/b/': Could not resolve host: git.example"],
    ['git over ssh', 'ssh: Could not resolve hostname git.example: Temporary failure in name resolution'],
    ['wget', 'wget: unable to resolve host address ‘www.example.org’'],
    ['BusyBox’s wget', "wget: bad address 'www.example.org'"],
    ['ping', 'ping: www.example.org: Name or service not known'],
    [
      'apt',
      "W: Failed to fetch http://deb.example/debian/dists/x/InRelease  Temporary failure resolving 'deb.example'",
    ],
    ['apk', 'WARNING: fetching https://apk.example/v3.20/main: temporary error (try again later)'],
    [
      'pip',
      "Failed to establish a new connection: [Errno -3] Temporary failure in name resolution')': /simple/pymongo/",
    ],
    ['a newer pip', "NameResolutionError: Failed to resolve 'pypi.example' ([Errno -3])"],
    ['npm', 'npm error request to https://npm.example/express failed, reason: getaddrinfo EAI_AGAIN npm.example'],
    ['yarn', 'info There appears to be trouble with your network connection. Retrying...'],
    [
      'go',
      'go: example.com/x@v1: Get "https://go.example/x": dial tcp: lookup go.example on 203.0.113.53:53: no such host',
    ],
    ['gem', 'ERROR: Failed to open TCP connection to gems.example:443 (getaddrinfo: Name or service not known)'],
    ['maven', 'Could not transfer artifact a:b:1 from/to central (https://repo.example): Unknown host repo.example'],
    ['Java', 'java.net.UnknownHostException: repo.example'],
    [
      'cargo',
      'warning: spurious network error: [6] Could not resolve hostname (Could not resolve host: crates.example)',
    ],
    [
      'BuildKit',
      'failed to solve: r: failed to do request: Head "https://r.example/v2/": dial tcp: lookup r.example: no such host',
    ],
    [
      'set-up of a lab host',
      'netgrade: mongodb-org is not on a lab host, and a script can install nothing there: it would …',
    ],
  ])('%s', (_, line) => {
    expect(downloadFailure(`before\n${line}\nafter`)).toBe(line.slice(0, 400));
  });
});

describe('is none:', () => {
  test.each([
    ['a container of another name', 'curl: (6) Could not resolve host: flask-app'],
    ['one with its network behind it', 'curl: (6) Could not resolve host: mongo.private-net-1'],
    ['one in pymongo’s words', 'ServerSelectionTimeoutError: mongodb:27017: [Errno -2] Name or service not known'],
    ['one in Go', 'dial tcp: lookup mongo on 127.0.0.11:53: no such host'],
    ['one in Node', 'Error: getaddrinfo ENOTFOUND db'],
    ['one in requests', "HTTPConnectionPool(host='api', port=80): Max retries: [Errno -2] Name or service not known"],
    ['one in BusyBox', "ping: bad address 'alpine3'"],
    ['a local name', 'ping: web.local: Name or service not known'],
    ['a private address', 'curl: (7) Failed to connect to 172.18.0.3 port 9090: Network is unreachable'],
    ['nginx', 'nginx: [emerg] host not found in upstream "flask-app" in /etc/nginx/conf.d/default.conf:5'],
  ])('%s', (_, line) => {
    expect(downloadFailure(line)).toBeUndefined();
  });
});

test.each([
  ['Unable to find image \'web:latest\' locally\nGet "https://r.example/v2/": dial tcp: no such host', 'web:latest'],
  ['ERROR: failed to resolve source metadata for docker.io/library/redis:7: dial tcp: no such host', 'library/redis:7'],
  [
    'Head "https://r.example/v2/library/redis/manifests/7": Get "https://r.example/v2/": no such host',
    'library/redis:7',
  ],
  ['Error response from daemon: Get "https://r.example/v2/": dial tcp: no such host', undefined],
])('%j is about the image %s', (output, image) => {
  expect(imageFailures(output).map((each) => each.image)).toEqual([image]);
});

test.each([
  ['repo.maven.example', true],
  ['8.8.8.8', true],
  ['10.0.0.1', false],
  ['mongo', false],
  ['mongo.db', false],
])('%s is a host of the internet: %s', (host, isPublic) => {
  expect(isPublicHost(host)).toBe(isPublic);
});

describe('what fails without a word, on a machine without a way out:', () => {
  const step = (command: string): string =>
    `ERROR: process "/bin/sh -c ${command}" did not complete successfully: exit code: 4`;

  test('a step of a build', () => {
    expect(unsaidFailure(step('wget -q https://www.example.org/a.tgz'), { exitCode: 1 })).toMatch(/wget -q/);
  });

  test.each(['#9 0.512 ', '0.512 '])('a step of a program that names no host: %j', (before) => {
    const said = `${before}<urlopen error [Errno -3] Temporary failure in name resolution>`;
    expect(unsaidFailure(`${said}\n${step('python3 get.py')}`, { exitCode: 1 })).toContain('<urlopen error [Errno -3]');
  });

  test.each([
    [6, 'curl -s -o a https://www.example.org/a'],
    [4, 'wget -q https://www.example.org/a'],
  ])('a script that ended with %i', (exitCode, command) => {
    expect(unsaidFailure('', { exitCode, script: `set -e\n${command}\n` })).toBe(command.replace(/\/a$/, ''));
  });

  test.each([
    [
      'a step of its own that failed, and a container that found another one not',
      `${step('cp nothing /')}\nping: mongo: Name or service not known`,
      { exitCode: 1 },
    ],
    ['a step that gets nothing', step('cp nothing /'), { exitCode: 1 }],
    ['one that asks another container', step('curl -s http://flask-app:9090'), { exitCode: 1 }],
    ['a script that ended for another reason', '', { exitCode: 1, script: 'curl -s https://www.example.org/a' }],
    ['a script that ended by a container', '', { exitCode: 6, script: 'curl -s http://localhost:8080' }],
  ])('not %s', (_, output, ended) => {
    expect(unsaidFailure(output, ended)).toBeUndefined();
  });
});

test('BuildKit’s numbers before a line are left out', () => {
  const said = 'curl: (6) Could not resolve host: www.example.org';
  expect(downloadFailure(`#12 0.520 ${said}`)).toBe(said);
});
