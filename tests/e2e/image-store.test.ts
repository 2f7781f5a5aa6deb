/** Prepared images in a registry and in a folder: what comes back is what was put there, and nothing else is taken for it. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { UsageError } from '../../helpers/base/failure.ts';
import { until } from '../../helpers/base/wait.ts';
import { putPrepared, storeOf, takePrepared, type Prepared } from '../../helpers/machine/setup/image-store.ts';
import { heardBy } from '../../helpers/machine/setup/say.ts';
import { sh } from '../../helpers/machine/setup/shell.ts';
import { docker } from '../helpers/engine.ts';

const BUILD_MS = 300_000;
const COMMAND_MS = 60_000;
const TEST_MS = 120_000;
const OWN = `netgrade-test-store-${process.pid}`;
/** What overlay2 leaves in a volume: deletions, directories that hide others, and files with several names. */
const FILL = `
import os
os.makedirs('/golden/overlay2/a/diff/hidden'); os.setxattr('/golden/overlay2/a/diff/hidden', 'trusted.overlay.opaque', b'y')
os.mknod('/golden/overlay2/a/diff/deleted', 0o20600, 0)
open('/golden/overlay2/a/diff/.wh.file', 'w').write('text'); os.link('/golden/overlay2/a/diff/.wh.file', '/golden/other')
os.chown('/golden/other', 12345, 54321); os.chmod('/golden/other', 0o4711); os.symlink('/nowhere', '/golden/link')
with open('/golden/sparse', 'wb') as f: f.truncate(50_000_000); f.seek(1000); f.write(b'x')
`;
const LIST = `
import hashlib, os
for folder, names, files in sorted(os.walk('/golden')):
  for name in sorted(names + files):
    p = os.path.join(folder, name); s = os.lstat(p)
    content = hashlib.sha256(open(p, 'rb').read()).hexdigest() if os.path.isfile(p) and not os.path.islink(p) else ''
    xattrs = {} if os.path.islink(p) else {x: os.getxattr(p, x) for x in os.listxattr(p)}
    print(p, oct(s.st_mode), s.st_uid, s.st_gid, s.st_rdev, s.st_nlink, int(s.st_mtime), content, xattrs)
`;

let registry: string;
let folder: string;
beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'netgrade-store-'));
  await sh(['docker', 'buildx', 'build', '--quiet', '--tag', 'netgrade/test-registry', 'tests/images/registry'], {
    timeoutMs: BUILD_MS,
  });
  await run('run', '--detach', '--name', OWN, '--publish', '127.0.0.1:0:5000', 'netgrade/test-registry');
  registry = (await run('port', OWN, '5000')).trim();
  const answers = await until(COMMAND_MS, () =>
    fetch(`http://${registry}/v2/`).then(
      (each) => each.ok || undefined,
      () => undefined,
    ),
  );
  if (answers === undefined) throw new Error('the registry does not answer');
}, BUILD_MS);
afterAll(async () => {
  await run('rm', '--force', '--volumes', OWN);
  rmSync(folder, { recursive: true });
}, TEST_MS);

function run(...args: string[]): Promise<string> {
  return sh(['docker', ...args], { timeoutMs: COMMAND_MS });
}

function inVolume(volume: string, script: string): Promise<string> {
  return run('run', '--rm', '--privileged', '--volume', `${volume}:/golden`, 'python', 'python3', '-c', script);
}

/** Something small in place of a lab host and its volume. */
async function prepared(tag: string): Promise<Prepared & AsyncDisposable> {
  const names = { image: `${OWN}-host:${tag}`, goldenVolume: `${OWN}-${tag}`, filled: `${OWN}-filled:${tag}` };
  await run('tag', 'python', names.image);
  await docker.createVolume({ Name: names.goldenVolume, Labels: { 'netgrade.images': 'stand-ins' } });
  await inVolume(names.goldenVolume, FILL);
  return {
    ...names,
    [Symbol.asyncDispose]: async () => {
      await forget(names);
    },
  };
}

async function forget({ image, filled, goldenVolume }: Prepared): Promise<void> {
  const images = (await docker.listImages()).flatMap(({ RepoTags }) => RepoTags ?? []);
  for (const name of [image, filled]) if (images.includes(name)) await docker.getImage(name).remove();
  if ((await volumesHere()).includes(goldenVolume)) await docker.getVolume(goldenVolume).remove();
}

async function volumesHere(): Promise<string[]> {
  return (await docker.listVolumes()).Volumes.map(({ Name }) => Name);
}

function tagsHere(): Promise<string[]> {
  return docker
    .listImages()
    .then((all) =>
      all
        .flatMap(({ RepoTags }) => RepoTags ?? [])
        .filter((name) => /netgrade-golden|netgrade-lab-host|packed/.test(name)),
    );
}

describe.each(['registry', 'folder'])('a %s', (kind) => {
  const store = (): string => (kind === 'registry' ? `${registry}/course` : path.join(folder, 'images'));

  test(
    'gives back what was put there, and leaves nothing else on either engine',
    async () => {
      await using names = await prepared('1');
      const before = await inVolume(names.goldenVolume, LIST);
      expect(before).toMatch(/trusted\.overlay\.opaque.*\n/);
      const there = await putPrepared(docker, names, store());
      await forget(names);
      expect([there.length, await takePrepared(docker, names, store())]).toEqual([
        kind === 'registry' ? 2 : 1,
        'stand-ins',
      ]);
      expect(await inVolume(names.goldenVolume, LIST)).toBe(before);
      const [image, filled] = await Promise.all(
        [names.image, names.filled].map((name) => docker.getImage(name).inspect()),
      );
      expect(filled?.Id).toBe(image?.Id);
      expect(await tagsHere()).toEqual([]);
    },
    TEST_MS,
  );

  test(
    'that does not have them says so, and something else under their name is refused',
    async () => {
      await using names = await prepared('2');
      const said: string[] = [];
      const none = await heardBy(
        (text) => said.push(text),
        () => takePrepared(docker, names, store()),
      );
      const heard = /does not have the images .*--push/.test(said.join(' '));
      // An empty folder is what a cache is before it has anything.
      expect([none, heard]).toEqual([undefined, kind === 'registry']);
      await using others = await prepared('3');
      // Under the name of the one, what belongs to the other.
      const [there = ''] = (await putPrepared(docker, others, store())).slice(-1);
      const wanted = there.replace(/3-(\w+)(\.tar)?$/, '2-$1$2');
      if (kind === 'folder') await sh(['mv', there, wanted], { timeoutMs: COMMAND_MS });
      else {
        await putPrepared(docker, names, store());
        for (const args of [
          ['pull', '--quiet', there],
          ['tag', there, wanted],
          ['push', '--quiet', wanted],
        ])
          await run(...args);
        await run('rmi', there, wanted);
      }
      await forget(names);
      await expect(takePrepared(docker, names, store())).rejects.toThrow(UsageError);
      expect(await volumesHere()).not.toContain(names.goldenVolume);
      // What an archive names is there once it is loaded.
      for (const name of await tagsHere()) await docker.getImage(name).remove();
    },
    TEST_MS,
  );
});

test('a folder begins with / or ./', () => {
  const texts = ['127.0.0.1:5000', 'registry.example/course/images', './images', '/var/images'];
  expect(texts.map((text) => Object.keys(storeOf(text))[0])).toEqual(['registry', 'registry', 'folder', 'folder']);
  expect(() => storeOf('https://registry.example')).toThrow(/neither a registry/);
  expect(readdirSync(folder)).toEqual(['images']);
});
