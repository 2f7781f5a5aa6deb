import { expect, test } from '@jest/globals';
import { BSON } from 'bson';
import { parseOptions } from '../../helpers/cli/options.ts';
import { downloadFailure } from '../../helpers/base/docker/download-failure.ts';
import { copiedNameservers, nameservers, ownHostsEntries } from '../../helpers/survey/resolv-conf.ts';
import { addressOf } from '../../helpers/machine/probe/agent/listeners.ts';
import { containerIn } from '../../helpers/machine/probe/agent/processes.ts';
import { helloReply, helloRequest } from '../../helpers/machine/probe/mongo-wire.ts';
import { repositoryOf } from '../../helpers/base/docker/image-name.ts';
import type { HostFacts } from '../../helpers/survey/facts.ts';
import { urlOf } from '../../helpers/survey/url.ts';

test.each([
  ['0100007F', '127.0.0.1'],
  ['00000000', '0.0.0.0'],
  ['0200140A', '10.20.0.2'],
  ['00000000000000000000000000000000', '::'],
  ['00000000000000000000000001000000', '::1'],
  ['0000000000000000FFFF00000200140A', '10.20.0.2'],
  ['B80D0120000000000000000001000000', '2001:db8::1'],
])('/proc/net/tcp writes %s for %s', (hex, address) => {
  expect(addressOf(hex)).toBe(address);
});

const labHost = 'a'.repeat(64);
const inner = 'b'.repeat(64);
test.each([
  ['of version 2', `0::/docker/${inner}\n`, inner],
  ['of version 2 with systemd', `0::/../system.slice/docker-${inner}.scope\n`, inner],
  ['of a lab host that sees its own id', `0::/docker/${labHost}/docker/${inner}\n`, inner],
  ['of version 1', `2:cpu:/docker/${labHost}/docker/${inner}\n0::/docker/${labHost}\n`, inner],
  ['of the lab host itself', `2:cpu:/docker/${labHost}\n0::/docker/${labHost}\n`, labHost],
  ['of no container', '0::/init\n', undefined],
])('a control group %s tells the container', (_, text, container) => {
  expect(containerIn(text)).toBe(container);
});

test.each([
  ['mongo', 'mongo'],
  ['mongo:7.0', 'mongo'],
  ['docker.io/library/nginx:alpine', 'nginx'],
  ['bitnami/mongodb@sha256:00', 'bitnami/mongodb'],
  ['localhost:5000/mongo:1', 'localhost:5000/mongo'],
])('the repository of %s is %s', (reference, repository) => {
  expect(repositoryOf(reference)).toBe(repository);
});

test('nameservers are directives, not comments', () => {
  expect(nameservers('# nameserver 9.9.9.9\nnameserver 127.0.0.11\noptions ndots:0\n')).toEqual(['127.0.0.11']);
});

test.each([
  ['the host’s own', 'nameserver 192.0.2.1\nnameserver 192.0.2.2\n', undefined, ['192.0.2.1', '192.0.2.2']],
  ['without loopback', 'nameserver 127.0.0.1\nnameserver 192.0.2.2\n', undefined, ['192.0.2.2']],
  ['those that systemd-resolved asks', 'nameserver 127.0.0.53\n', 'nameserver 192.0.2.3\n', ['192.0.2.3']],
  ['public ones, for want of any', 'nameserver 127.0.0.1\n', undefined, ['8.8.8.8', '8.8.4.4']],
])('nameservers that containers copy: %s', (_, resolvConf, upstreamResolvConf, servers) => {
  const host = { sandbox: { resolvConf }, upstreamResolvConf } as unknown as HostFacts;
  expect(copiedNameservers(host)).toEqual(servers);
});

test('lines that every hosts file has are nobody’s own', () => {
  const hosts = '127.0.0.1 localhost\n::1 localhost ip6-localhost\nff02::1 ip6-allnodes\n192.0.2.7 db db.lab # ours\n';
  expect(ownHostsEntries(hosts)).toEqual([{ address: '192.0.2.7', names: ['db', 'db.lab'] }]);
});

test('an IPv6 address stands in brackets in a URL', () => {
  expect(urlOf({ address: '2001:db8::1', port: 80 })).toBe('http://[2001:db8::1]:80/');
});

function message(document: BSON.Document, opcode = 2013): string {
  const body = BSON.serialize(document);
  const bytes = Buffer.alloc(21 + body.length);
  bytes.writeInt32LE(bytes.length, 0);
  bytes.writeInt32LE(opcode, 12);
  bytes.set(body, 21);
  return bytes.toString('base64');
}

const [LAB_HOST, CONTAINER] = ['a'.repeat(64), 'b'.repeat(64)];

test.each([
  ['version 1', `2:pids:/docker/${LAB_HOST}/docker/${CONTAINER}\n1:cpu:/docker/${LAB_HOST}/docker/${CONTAINER}\n`],
  ['version 2', `0::/system.slice/docker-${LAB_HOST}.scope/system.slice/docker-${CONTAINER}.scope\n`],
  ['version 2 in a namespace of its own', `0::/docker/${CONTAINER}\n`],
  ['both at once', `2:pids:/docker/${LAB_HOST}/docker/${CONTAINER}\n0::/docker/${LAB_HOST}\n`],
])('a container is found in control groups of %s', (_, text) => {
  expect(containerIn(text)).toBe(CONTAINER);
});

test('a process outside of containers has none', () => {
  expect(containerIn('0::/init.scope\n')).toBeUndefined();
});

test('a MongoDB hello is recognised', () => {
  expect(helloReply(message({ ok: 1, maxWireVersion: 17, isWritablePrimary: true }))).toEqual({
    maxWireVersion: 17,
    isWritablePrimary: true,
  });
});

test.each([
  ['nothing', ''],
  ['an HTTP answer', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n').toString('base64')],
  ['our own question sent back', helloRequest()],
  ['an answer with another opcode', message({ ok: 1, maxWireVersion: 17 }, 1)],
  ['a refusal', message({ ok: 0, maxWireVersion: 17 })],
])('%s is no MongoDB', (_, received) => {
  expect(helloReply(received)).toBeUndefined();
});

test.each([
  [['--jobs', '0'], /--jobs takes a whole number/],
  [['--jobs', 'many'], /--jobs/],
  [['--min-score', '101'], /--min-score/],
  [['--host', 'moon'], /--host "moon"/],
  [['--engine', '19.03'], /--engine "19.03" is not one of: 28.5, 26.1, 20.10/],
  [['--format', 'json,xml'], /--format "xml"/],
  [['--colour'], /--colour/],
])('%j is refused with the reason', (argv, message) => {
  expect(() => parseOptions(argv)).toThrow(message);
});

test('students and repeated labs are taken', () => {
  expect(parseOptions(['alice', '--lab', 'a', 'bob', '--lab', 'b'])).toMatchObject({
    students: ['alice', 'bob'],
    labs: ['a', 'b'],
  });
});

test.each([
  'Error response from daemon: Get "https://registry.example/v2/": dial tcp: lookup registry.example: no such host',
  'ERROR: failed to do request: Head "https://registry.example/v2/library/redis/manifests/7": dial tcp: i/o timeout',
  'toomanyrequests: You have reached your pull rate limit.',
  "E: Temporary failure resolving 'deb.example'",
])('%s is a failed download', (line) => {
  expect(downloadFailure(`pulling\n${line}\nexit 1`)).toBe(line);
});

test.each([
  'Error response from daemon: pull access denied for mongoo, repository does not exist',
  'manifest for mongo:99 not found: manifest unknown',
  'nginx: [emerg] host not found in upstream "flask-app"',
  'curl: (6) Could not resolve host: flask-app',
])('%s is not', (line) => {
  expect(downloadFailure(line)).toBeUndefined();
});
