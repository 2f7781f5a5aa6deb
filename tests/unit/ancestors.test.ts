/** What is known of an image: its layers, what it was built from, and what it says besides. */
import { expect, test } from '@jest/globals';
import type Docker from 'dockerode';
import { commandIn, lineageOf, type Lineage } from '../../helpers/survey/ancestors.ts';

interface Image {
  tags?: string[];
  layers?: string[];
  config?: Record<string, unknown>;
}

async function lineages(images: Record<string, Image>): Promise<Map<string, Lineage>> {
  const docker = {
    listImages: () => Promise.resolve(Object.entries(images).map(([Id, { tags = [] }]) => ({ Id, RepoTags: tags }))),
    getImage: (id: string) => ({
      inspect: () =>
        Promise.resolve({ Config: images[id]?.config ?? {}, RootFS: { Layers: images[id]?.layers ?? ['one'] } }),
    }),
  };
  return lineageOf(docker as unknown as Docker, new Set(Object.keys(images)));
}

async function saysTheSame(one: Record<string, unknown>, other: Record<string, unknown>): Promise<boolean> {
  const found = await lineages({ one: { config: one }, other: { config: other } });
  return found.get('one')!.config === found.get('other')!.config;
}

test('an image is built from those whose layers it begins with', async () => {
  const found = await lineages({
    base: { tags: ['nginx:latest'], layers: ['a', 'b'] },
    mine: { tags: ['mine:latest'], layers: ['a', 'b', 'c'] },
  });
  expect(found.get('mine')?.ancestors).toEqual(['nginx', 'mine']);
  expect(found.get('base')?.ancestors).toEqual(['nginx']);
});

test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
  [
    'Compose’s labels',
    { Labels: { 'com.docker.compose.service': 'a' } },
    { Labels: { 'com.docker.compose.service': 'b' } },
  ],
  ['what the classic builder adds', { Image: 'sha256:1', Hostname: 'x' }, { Image: 'sha256:2' }],
  ['the order of labels and ports', { Labels: { a: '1', b: '2' } }, { Labels: { b: '2', a: '1' } }],
  ['whether nothing is left out or empty', { Volumes: null, Env: [] }, {}],
])('%s: makes no difference to what an image says', async (_, one, other) => {
  expect(await saysTheSame(one, other)).toBe(true);
});

test.each<[string, Record<string, unknown>, Record<string, unknown>]>([
  ['command', { Cmd: ['httpd', '-f'] }, { Cmd: ['httpd', '-f', '-v'] }],
  ['environment', { Env: ['A=1'] }, { Env: ['A=2'] }],
  ['ports', { ExposedPorts: { '8080/tcp': {} } }, {}],
  ['order of a command', { Cmd: ['a', 'b'] }, { Cmd: ['b', 'a'] }],
  ['labels of one’s own', { Labels: { version: '1' } }, { Labels: { version: '2' } }],
])('another %s: is another image', async (_, one, other) => {
  expect(await saysTheSame(one, other)).toBe(false);
});

test('a container runs what its image says if entry point and command are the same', () => {
  const image = { Entrypoint: ['docker-entrypoint.sh'], Cmd: ['mongod'] };
  expect(commandIn({ ...image })).toBe(commandIn(image));
  expect(commandIn({ ...image, Cmd: ['mongod', '--version'] })).not.toBe(commandIn(image));
  expect(commandIn({ Entrypoint: 'sh', Cmd: [] })).toBe(commandIn({ Entrypoint: ['sh'], Cmd: [] }));
});
