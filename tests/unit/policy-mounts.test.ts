import { beforeEach, describe, expect, test } from '@jest/globals';
import { Policy } from '../../helpers/machine/policy/policy.ts';
import { DEFAULT_RULES } from '../../helpers/machine/policy/rules.ts';
import { CONTEXT, create, decideOn, request, sentenceFor } from '../helpers/policy.ts';

const LAB = '/home/student/lab';

function bind(source: string): object {
  return { Mounts: [{ Type: 'bind', Source: source, Target: '/x' }] };
}
function volume(options: object, name = 'local'): object {
  return {
    Mounts: [{ Type: 'volume', Target: '/x', VolumeOptions: { DriverConfig: { Name: name, Options: options } } }],
  };
}

describe('not mounted is', () => {
  test.each<[string, object, RegExp]>([
    ['a folder of the machine', { Binds: ['/etc:/x'] }, /mount of "\/etc" .*own folder/],
    ['what is no list', { Binds: '/etc:/x', Mounts: null }, /mount of "\/etc"/],
    ['the machine', { Binds: ['/:/x:ro'] }, /engine's own socket/],
    ['a folder whose name begins like the submission’s', { Binds: ['/home/student2:/x'] }, /mount of/],
    ['something above', { Binds: [`${LAB}/../../../root:/x`] }, /mount of .* leads to "\/root"|mount of/],
    ['where a link leads', { Binds: [`${LAB}/out/passwd:/x`] }, /leads to "\/etc\/passwd"/],
    ['the clock, to be written to', { Binds: ['/etc/localtime:/etc/localtime'] }, /mount of/],
    [
      'the engine’s socket',
      { Binds: ['/var/run/docker.sock:/var/run/docker.sock'] },
      /engine's own socket.*root on the machine/,
    ],
    ['the folder that it is in', { Binds: ['/var/run:/x'] }, /engine's own socket/],
    ['something above temporary files', { Binds: ['/tmp/../etc:/x'] }, /mount of/],
    ['other temporary files', { Binds: ['/tmpfiles:/x'] }, /mount of "\/tmpfiles" .*, or in \/tmp, may/],
    ['a folder of the machine, in the other way', bind('/etc'), /mount of "\/etc"/],
    ['where a link leads, in the other way', bind(`${LAB}/out`), /leads to "\/etc"/],
    [
      'what a link within the submission leads to',
      { Binds: [`${LAB}/in:/x`] },
      /leads to "\/home\/student\/lab\/site".*follows no links/,
    ],
    ['a folder on the way upwards', volume({ o: 'bind', device: `${LAB}/a/../b` }), /it goes upwards/],
    ['a path that is too long', { Binds: [`${LAB}${'/a'.repeat(3000)}:/x`] }, /cannot be read/],
    ['too much at once', { Binds: Array.from({ length: 101 }, (_, i) => `${LAB}/${i}:/x${i}`) }, /so many mounts/],
    ['a mount of an unknown type', { Mounts: [{ Type: 'cluster', Source: 'a' }] }, /type "cluster"/],
    ['a mount without a type', { Mounts: [{ Source: '/etc', Target: '/x' }] }, /type/],
    ['a folder as a volume', volume({ type: 'none', o: 'bind', device: '/etc' }), /mount of "\/etc"/],
    [
      'a folder as a tmpfs',
      volume({ type: 'tmpfs', o: 'size=1m,rbind', device: '/etc' }),
      /volume that mounts "\/etc"/,
    ],
    [
      'another file system',
      volume({ type: 'ext4', device: '/dev/sda1' }),
      /volume that mounts "\/dev\/sda1" as "ext4"/,
    ],
    ['where a link leads and back', volume({ o: 'bind', device: `${LAB}/out/../shadow` }), /leads to "\/shadow"/],
    ['the network', volume({ type: 'nfs', o: 'addr=192.0.2.1', device: ':/' }), /as "nfs"/],
    ['a share', volume({ type: 'cifs', o: 'user=a', device: '//a/b' }), /as "cifs"/],
    ['layers', volume({ type: 'overlay', o: 'lowerdir=/etc', device: 'overlay' }), /as "overlay"/],
    ['what is mounted again', volume({ type: 'none', o: 'bind,remount', device: LAB }), /volume that mounts/],
    ['a plugin’s volume', volume({}, 'rclone'), /driver "rclone"/],
  ])('%s', (_what, settings, sentence) => {
    expect(sentenceFor(create(settings))).toMatch(sentence);
  });
});

describe('mounted may be', () => {
  test.each<[string, object]>([
    ['the submission', { Binds: [`${LAB}:/x:ro`] }],
    ['a file of it', { Binds: [`${LAB}/nginx.conf:/etc/nginx/nginx.conf`] }],
    ['a file of it, the long way', { Binds: [`${LAB}/../lab/./a:/x`] }],
    ['a folder for temporary files', { Binds: ['/tmp/data:/data/db', '/tmp:/tmp'] }],
    ['one as a volume', volume({ type: 'none', o: 'bind', device: '/tmp/data' })],
    ['a named volume', { Binds: ['data:/data/db'] }],
    ['the clock', { Binds: ['/etc/localtime:/etc/localtime:ro', '/etc/timezone:/etc/timezone:ro'] }],
    ['the hosts file, to be read', { Binds: ['/etc/hosts:/etc/hosts:ro'] }],
    ['the submission, in the other way', bind(`${LAB}/site`)],
    ['a tmpfs', { Mounts: [{ Type: 'tmpfs', Target: '/x', TmpfsOptions: { SizeBytes: 1 } }] }],
    ['a named volume, in the other way', { Mounts: [{ Type: 'volume', Source: 'data', Target: '/x' }] }],
    ['a volume of a tmpfs', volume({ type: 'tmpfs', device: 'tmpfs', o: 'size=100m,uid=1000' })],
    ['a folder of the submission as a volume', volume({ type: 'none', o: 'bind,ro', device: `${LAB}/site` })],
  ])('%s', (_what, settings) => {
    expect(sentenceFor(create(settings))).toBeUndefined();
  });
});

test('a volume by itself is judged as one with a container', () => {
  const make = (body: object): ReturnType<typeof request> => request('POST', '/volumes/create', body);
  expect(decideOn(make({ Name: 'data' }))).toEqual({ makes: 'volume' });
  expect(decideOn(make({ Name: 'data', Driver: 'local', DriverOpts: {} }))).toEqual({ makes: 'volume' });
  expect(sentenceFor(make({ DriverOpts: { type: 'none', o: 'bind', device: '/etc' } }))).toMatch(/mount of "\/etc"/);
  expect(sentenceFor(make({ driveropts: { type: 'nfs', TYPE: 'tmpfs', device: ':/' } }))).toMatch(/as "nfs"/);
  expect(sentenceFor(make({ Driver: 'rclone' }))).toMatch(/driver "rclone"/);
  expect(sentenceFor(make({ ClusterVolumeSpec: { Group: 'a' } }))).toMatch(/does not know/);
});

describe('what may be mounted is judged again', () => {
  let links: Record<string, string>;
  let policy: Policy;
  const ask = (method: string, path: string): string | undefined => policy.judge(request(method, path))?.sentence;

  beforeEach(() => {
    links = {};
    policy = new Policy('key', DEFAULT_RULES, {
      ...CONTEXT,
      realPath: (path) => links[path] ?? CONTEXT.realPath(path),
    });
    policy.judge(create({ Binds: [`${LAB}/site:/x`] }));
  });

  test.each([
    ['POST', '/containers/a/start'],
    ['POST', '/containers/a/restart?t=0'],
    ['POST', '/containers/a/unpause'],
    ['PUT', '/containers/a/archive?path=/x'],
    ['GET', '/containers/a/archive?path=/x'],
    ['HEAD', '/containers/a/archive?path=/x'],
  ])('before %s %s', (method, path) => {
    expect(ask(method, path)).toBeUndefined();
    links[`${LAB}/site`] = '/';
    expect(ask(method, path)).toMatch(/lab\/site".* leads to "\/"|engine's own socket/);
    links = {};
    expect(ask(method, path)).toBeUndefined();
  });

  test('before another container is created', () => {
    links[`${LAB}/site`] = '/etc';
    expect(policy.judge(create({ VolumesFrom: ['a'] }))?.sentence).toMatch(/leads to "\/etc"/);
    expect(ask('GET', '/containers/json')).toBeUndefined();
  });

  test('volumes, too', () => {
    const made = request('POST', '/volumes/create', { DriverOpts: { o: 'bind', device: `${LAB}/data` } });
    expect(policy.judge(made)).toBeUndefined();
    links[`${LAB}/data`] = '/root';
    expect(ask('POST', '/containers/a/start')).toMatch(/lab\/data", which leads to "\/root"/);
  });

  test('as long as there are not too many', () => {
    for (let i = 0; i < 5; i++) {
      const hundred = Array.from({ length: 100 }, (_, j) => `${LAB}/${i}-${j}:/x${j}`);
      policy.judge(create({ Binds: hundred }));
    }
    expect(ask('POST', '/containers/a/start')).toMatch(/one more mount/);
  });
});
