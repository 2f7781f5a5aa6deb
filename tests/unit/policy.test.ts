import { describe, expect, test } from '@jest/globals';
import { STAND_INS } from '../../helpers/base/docker/image-name.ts';
import { DOOR_HEADER, KEY_HEADER, Policy } from '../../helpers/machine/policy/policy.ts';
import { COURSE_REPOSITORIES, DEFAULT_RULES, MOST, MOST_FLEETING } from '../../helpers/machine/policy/rules.ts';
import { create, decideOn, CONTEXT, request, sentenceFor } from '../helpers/policy.ts';

const NO_FOREIGN = { foreignImages: false };

describe('let through', () => {
  test.each([
    ['GET', '/containers/json?all=1'],
    ['HEAD', '/_ping'],
    ['GET', '/images/library/nginx:1/json'],
    ['GET', '/containers/a/archive?path=/etc'],
    ['GET', '/networks/a'],
    ['GET', '/events?since=0'],
    ['POST', '/containers/a/wait?condition=next-exit'],
    ['POST', '/containers/a/kill'],
    ['POST', '/containers/a/attach?stream=1'],
    ['POST', '/exec/0123/start'],
    ['PUT', '/containers/a/archive?path=/'],
    ['DELETE', '/containers/a?force=1'],
    ['DELETE', '/networks/a'],
    ['DELETE', '/images/library/nginx:1'],
    ['POST', '/networks/a/connect'],
    ['POST', '/containers/prune'],
    ['POST', '/build/prune'],
    ['POST', '/images/create?fromImage=somebody/something'],
    ['POST', '/images/load'],
    ['POST', '/session'],
    ['POST', '/grpc'],
    ['POST', '/swarm/leave?force=1'],
  ])('%s %s', (method, path) => {
    expect(decideOn(request(method, path))).toEqual({});
  });

  test('looks and changes without a version', () => {
    expect(decideOn({ ...request('POST', ''), uri: '/containers/a/stop' })).toEqual({});
  });
});

describe('a body that the engine does not show', () => {
  const hidden = (path: string, headers: Record<string, string>): ReturnType<typeof request> => ({
    method: 'POST',
    uri: `/v1.51${path}`,
    headers,
  });
  const JSON_TYPE = { 'Content-Type': 'application/json' };

  test.each([
    ['of a login', '/auth', { ...JSON_TYPE, 'Content-Length': '200' }],
    ['that is none', '/containers/a/stop', { 'Content-Type': 'text/plain', 'Content-Length': '0' }],
    ['that is none, without a type', '/containers/a/stop', {}],
    ['of a build', '/build', { 'Content-Type': 'application/x-tar' }],
    ['of an archive of images', '/images/load', { 'Content-Type': 'application/x-tar', 'Content-Length': '900000000' }],
  ])('%s is let through', (_, path, headers) => {
    expect(sentenceFor(hidden(path, headers))).toBeUndefined();
  });

  test.each([
    ['of a login of 150 MB', '/auth', { ...JSON_TYPE, 'Content-Length': '150000000' }],
    ['of a login without a length', '/auth', JSON_TYPE],
    ['of two types, of which the last is shown', '/containers/a/stop', { 'Content-Type': '' }],
    ['of 1 MiB and more', '/networks/a/connect', { ...JSON_TYPE, 'Content-Length': '1048576' }],
    ['with a length that is none', '/auth', { ...JSON_TYPE, 'Content-Length': 'many' }],
  ])('%s is denied', (_, path, headers) => {
    expect(sentenceFor(hidden(path, headers))).toMatch(/cannot be read/);
  });
});

describe('denied', () => {
  test.each([
    ['GET', '/something/new', /does not know/],
    ['GET', '/debug/pprof/heap', /does not know/],
    ['GET', '/debug/vars', /does not know/],
    ['POST', '/something/new', /does not know/],
    ['BREW', '/containers/a/stop', /does not know/],
    ['PUT', '/volumes/a', /does not know/],
    ['POST', '/containers/a/checkpoints', /does not know/],
    ['POST', '/plugins/pull?remote=a/b', /plugin is root/],
    ['POST', '/plugins/a/enable', /plugin is root/],
    ['POST', '/services/create', /a service, secret or config/],
    ['POST', '/secrets/create', /a service, secret or config/],
    ['POST', '/configs/create', /a service, secret or config/],
    ['GET', '/swarm', /a look at the swarm’s tokens/],
    ['HEAD', '/swarm/', /a look at the swarm’s tokens/],
    ['POST', '/swarm/init', /about one machine/],
    ['POST', '/swarm/join', /about one machine/],
    ['POST', '/swarm/update', /about one machine/],
    ['POST', '/nodes/a/update', /about one machine/],
    ['POST', '/images/a/push', /pushing an image/],
    ['POST', '/build?securityopt=%5B%22seccomp%3Dunconfined%22%5D', /security option/],
    ['POST', '/build?cgroupparent=/x', /control group/],
  ])('%s %s', (method, path, sentence) => {
    expect(sentenceFor(request(method, path))).toMatch(sentence);
  });

  test.each([
    '/v1.23/containers/a/start',
    '/v1/containers/a/start',
    '/v1.51.0/containers/a/start',
    '/v1.51//containers/a/start',
    '/v1.51/containers/../containers/a/start',
    '/v1.51/containers/%zz/start',
  ])('a change by the address %s', (uri) => {
    expect(sentenceFor({ ...request('POST', ''), uri })).toMatch(/does not know/);
  });

  test('what hides behind an escape is what it is', () => {
    const hidden = { ...create({ Privileged: true }), uri: '/v1.51/containers/%63reate' };
    expect(sentenceFor(hidden)).toMatch(/privileged/);
    expect(sentenceFor({ ...hidden, uri: 'http://engine/v1.51/containers/create' })).toMatch(/privileged/);
  });

  test.each([
    '/containers/create',
    '/containers/a/exec',
    '/containers/a/update',
    '/networks/create',
    '/volumes/create',
  ])('%s without a body that can be read', (path) => {
    for (const body of [undefined, '', '{', '{"a": 1, "A": 1}'])
      expect(sentenceFor(request('POST', path, body))).toMatch(/cannot be read/);
  });

  test('a body that the engine would take for a part of the address', () => {
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const asked = request('POST', '/images/create', undefined);
    expect(sentenceFor({ ...asked, headers: form })).toMatch(/cannot be read/);
  });
});

describe('networks', () => {
  test.each(['', 'bridge', 'overlay', 'macvlan', 'ipvlan'])('of the driver "%s" may be made', (Driver) => {
    expect(decideOn(request('POST', '/networks/create', { Name: 'a', Driver }))).toEqual({ makes: 'network' });
  });

  test('with their bridge’s options', () => {
    const Options = { 'com.docker.network.bridge.name': 'br1' };
    expect(sentenceFor(request('POST', '/networks/create', { Name: 'a', Options }))).toBeUndefined();
  });

  test.each([
    [{ Driver: 'weave' }, /driver "weave"/],
    [{ Driver: 'macvlan', Options: { parent: 'eth0' } }, /parent "eth0".*own wire/],
    [{ Driver: 'ipvlan', options: { parent: 'eth0' } }, /parent "eth0"/],
    [{ ConfigOnly: true, Options: { parent: 'eth0' } }, /parent "eth0"/],
  ])('%j are denied', (body, sentence) => {
    expect(sentenceFor(request('POST', '/networks/create', { Name: 'a', ...body }))).toMatch(sentence);
  });
});

describe('in a lab about a swarm', () => {
  const SWARM = { swarm: true };

  test.each([
    request('POST', '/swarm/init', { ListenAddr: '0.0.0.0' }),
    request('POST', '/swarm/update?version=1&rotateWorkerToken=1', { CAConfig: { NodeCertExpiry: 7776e12 } }),
    request('POST', '/nodes/a/update', {}),
    { ...request('POST', '/swarm/join', {}), throughDoor: true },
    { ...request('GET', '/swarm'), throughDoor: true },
  ])('$method $uri is carried out', (asked) => {
    expect(decideOn(asked, SWARM)).toEqual({});
  });

  test.each([
    ['GET', '/swarm', /a look at the swarm’s tokens/],
    ['GET', '/sw%61rm', /a look at the swarm’s tokens/],
    ['POST', '/swarm/join', /none that a machine of this lab has given/],
    ['POST', '/services/create', /a service/],
    ['POST', '/nodes/a/b/c', /does not know/],
    ['POST', '/swarm/init', /cannot be read/],
    ['POST', '/swarm/update', /cannot be read/],
  ])('%s %s is not', (method, path, sentence) => {
    expect(sentenceFor(request(method, path, ''), SWARM)).toMatch(sentence);
  });

  test.each([
    { ExternalCAs: [{ URL: 'https://ca.example' }] },
    { SigningCACert: 'a', SigningCAKey: 'b' },
    { signingcakey: 'b' },
  ])('nobody is its authority from outside: %j', (CAConfig) => {
    expect(sentenceFor(request('POST', '/swarm/init', { Spec: { CAConfig } }), SWARM)).toMatch(/certificate authority/);
    expect(sentenceFor(request('POST', '/swarm/update', { CAConfig }), SWARM)).toMatch(/certificate authority/);
  });
});

describe('where foreign images are forbidden', () => {
  test('the course’s own are those that there are stand-ins for', () => {
    expect([...COURSE_REPOSITORIES].sort()).toEqual(Object.keys(STAND_INS).sort());
  });

  test.each(['nginx', 'docker.io/library/mongo', 'library/python'])('%s may be pulled', (image) => {
    expect(decideOn(request('POST', `/images/create?fromImage=${image}&tag=1`), NO_FOREIGN)).toEqual({});
  });

  test.each([
    '/images/create?fromImage=somebody/nginx',
    '/images/create?fromImage=nginx&fromImage=somebody/nginx',
    '/images/create?fromImage=registry.example/nginx',
    '/images/create?fromSrc=http://registry.example/a.tar',
    '/images/create?fromSrc=-',
    '/images/create',
    '/images/load',
    '/build?remote=https://example.org/a.git',
  ])('%s is denied', (path) => {
    expect(sentenceFor(request('POST', path), NO_FOREIGN)).toMatch(/no images from elsewhere/);
  });

  test('builds of the submission’s own folder go on', () => {
    expect(decideOn(request('POST', '/build?t=a'), NO_FOREIGN)).toEqual({ makes: 'image' });
    expect(decideOn(request('POST', '/build?remote=client-session&version=2'), NO_FOREIGN)).toEqual({ makes: 'image' });
  });
});

describe('at work', () => {
  const start = (): Policy => new Policy('secret', DEFAULT_RULES, CONTEXT);

  test('the grader’s own requests are let through and not noted', () => {
    const policy = start();
    const ours = { ...create({ Privileged: true }), headers: { 'X-Netgrade-Key': 'secret' } };
    expect(policy.judge(ours)).toBeUndefined();
    expect(policy.facts.calls).toEqual([]);
    for (const wrong of ['', 'Secret', 'secrets', 'secre'])
      expect(policy.judge({ ...ours, headers: { [KEY_HEADER]: wrong } })).toBeDefined();
  });

  test('what was asked is noted, within bounds', () => {
    const policy = start();
    policy.judge(request('GET', '/containers/json'));
    for (let i = 0; i < 300; i++) policy.judge(create({ Privileged: true }));
    policy.judge(request('POST', `/containers/${'a'.repeat(1000)}/stop`));
    const { denied, deniedInAll, looks, calls } = policy.facts;
    expect([denied.length, deniedInAll, looks, calls.length]).toEqual([20, 300, 1, 200]);
    expect(denied[0]).toMatchObject({ request: 'POST /containers/create', what: 'a privileged container or command' });
    expect(calls.at(-2)).toBe('denied POST /containers/create');
    expect(calls.at(-1)?.length).toBeLessThan(200);
  });

  test('texts of a student’s are short, and one line', () => {
    const policy = start();
    policy.judge(create({ CapAdd: [`a\n\u202e${'b'.repeat(1000)}`] }));
    const sentence = policy.facts.denied[0]?.sentence ?? '';
    expect(sentence).toMatch(/"a\\u000a\\u202eb+…"/);
    expect(sentence.length).toBeLessThan(400);
    policy.judge(request('POST', '/a%0ab%1b'));
    expect(policy.facts.calls.at(-1)).toBe('denied POST /a\\u000ab\\u001b');
  });

  test('a submission begins with nothing asked', () => {
    const policy = start();
    policy.judge(create({ Privileged: true }));
    policy.begin({ ...DEFAULT_RULES, swarm: true });
    expect(policy.facts.deniedInAll).toBe(0);
    expect(policy.judge(request('POST', '/swarm/init', {}))).toBeUndefined();
  });

  test('only the door is shown a swarm’s tokens', () => {
    const policy = start();
    policy.begin({ ...DEFAULT_RULES, swarm: true });
    const look = (door: string): unknown => policy.judge(request('GET', '/swarm', undefined, { [DOOR_HEADER]: door }));
    expect(look('')).toBeDefined();
    expect(look('0'.repeat(48))).toBeDefined();
    expect(look(policy.doorKey)).toBeUndefined();
  });

  test.each([
    ['container', create({}), `/containers/a`],
    ['network', request('POST', '/networks/create', { Name: 'a' }), `/networks/a`],
    ['volume', request('POST', '/volumes/create', { Name: 'a' }), `/volumes/a`],
  ] as const)('there may be so many of a %s, and another one when one was removed', (kind, asked, path) => {
    const policy = start();
    for (let i = 0; i < MOST[kind]; i++) expect(policy.judge(asked)).toBeUndefined();
    expect(policy.judge(asked)?.sentence).toMatch(`one more ${kind} is not allowed`);
    policy.answered(request('DELETE', path), 404);
    expect(policy.judge(asked)).toBeDefined();
    policy.answered(request('DELETE', path), 204);
    expect(policy.judge(asked)).toBeUndefined();
    // One that the engine itself would not make.
    policy.answered(asked, 200);
    expect(policy.judge(asked)).toBeUndefined();
    policy.answered(asked, 201);
    expect(policy.judge(asked)).toBeDefined();
  });

  test('images that are built or tagged are counted together', () => {
    const policy = start();
    const asked = ['/build?t=a', '/images/a/tag?repo=b', '/commit?container=a'].map((path) => request('POST', path));
    for (let i = 0; i < MOST.image; i++) expect(policy.judge(asked[i % 3]!)).toBeUndefined();
    for (const each of asked) expect(policy.judge(each)?.sentence).toMatch(/one more image/);
  });

  test('containers that remove themselves are a loop some day', () => {
    const policy = start();
    for (let i = 0; i < MOST_FLEETING; i++) expect(policy.judge(create({ AutoRemove: true }))).toBeUndefined();
    expect(policy.judge(create({ AutoRemove: true }))?.sentence).toMatch(/endless loop/);
    expect(policy.judge(create({}))).toBeUndefined();
  });
});
