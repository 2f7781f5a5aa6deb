/** The lab host's registry: what it has, by which names, and that it has nothing else. */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { asked, openRegistry, Shelf, type KeptImage } from '../../helpers/machine/probe/agent/registry.ts';

const hexOf = (text: string): string => createHash('sha256').update(text).digest('hex');
const LAYER = 'a layer, as a tar archive would be';
const CONFIG = '{"rootfs":{}}';
const OFFICIAL: KeptImage = { names: ['alpine:3.20'], config: hexOf('other'), layers: [hexOf(LAYER)], standIn: false };
const STAND_IN: KeptImage = {
  names: ['nginx:latest', 'nginx:1'],
  config: hexOf(CONFIG),
  layers: [hexOf(LAYER)],
  standIn: true,
};

describe('a manifest', () => {
  const shelf = new Shelf([OFFICIAL, STAND_IN], () => 7);
  const digest = shelf.manifest('library/nginx', 'latest')?.digest;

  test.each([
    ['library/nginx', 'latest'],
    ['nginx', '1'],
    ['library/nginx', '1.27-alpine'],
    ['library/nginx', digest ?? ''],
  ])('of a stand-in is found as %s %s', (repository, reference) => {
    expect(shelf.manifest(repository, reference)?.digest).toBe(digest);
  });

  test('of an official image is found by its own tag only', () => {
    expect(shelf.manifest('library/alpine', '3.20')).toBeDefined();
    expect(shelf.manifest('library/alpine', '3.21')).toBeUndefined();
  });

  test.each([
    ['library/redis', 'latest'],
    ['somebody/nginx', 'latest'],
    ['library/nginx', `sha256:${'0'.repeat(64)}`],
  ])('of another image is not there: %s %s', (repository, reference) => {
    expect(shelf.manifest(repository, reference)).toBeUndefined();
  });

  test('names configuration and layers by digest, type and size', () => {
    const { text = '' } = shelf.manifest('library/nginx', 'latest') ?? {};
    expect(JSON.parse(text)).toMatchObject({
      schemaVersion: 2,
      config: { digest: `sha256:${hexOf(CONFIG)}`, size: 7 },
      layers: [
        { digest: `sha256:${hexOf(LAYER)}`, mediaType: 'application/vnd.docker.image.rootfs.diff.tar', size: 7 },
      ],
    });
  });
});

test.each([
  ['POST', '/v2/library/nginx/blobs/uploads/'],
  ['PUT', '/v2/library/nginx/manifests/latest'],
  ['DELETE', `/v2/library/nginx/blobs/sha256:${hexOf(LAYER)}`],
  ['GET', '/v2/library/nginx/blobs/../../../../etc/shadow'],
  ['GET', '/v2/library/nginx/blobs/sha256:..%2f..%2fetc'],
  ['GET', '/v2/_catalog'],
  ['GET', '/'],
  ['GET', '/images.json'],
])('%s %s asks for nothing that there is', (method, url) => {
  expect(asked(method, url)).toBeUndefined();
});

describe('over HTTP', () => {
  let folder: string;
  let server: http.Server;
  let url: string;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'netgrade-registry-'));
    mkdirSync(path.join(folder, 'blobs'));
    for (const text of [LAYER, CONFIG, 'not named']) writeFileSync(path.join(folder, 'blobs', hexOf(text)), text);
    writeFileSync(path.join(folder, 'images.json'), JSON.stringify([STAND_IN]));
    server = await openRegistry(folder, { host: '127.0.0.1', port: 0 });
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => {
    server.close();
    rmSync(folder, { recursive: true });
  });

  test('an image comes whole', async () => {
    expect((await fetch(`${url}/v2/`)).status).toBe(200);
    const manifest = await fetch(`${url}/v2/library/nginx/manifests/1.25?ns=docker.io`);
    const { layers, config } = (await manifest.json()) as { layers: [{ digest: string }]; config: { digest: string } };
    const [layer, configuration] = await Promise.all(
      [layers[0].digest, config.digest].map(async (digest) =>
        (await fetch(`${url}/v2/library/nginx/blobs/${digest}`)).text(),
      ),
    );
    expect([layer, configuration]).toEqual([LAYER, CONFIG]);
  });

  test('who only looks gets sizes', async () => {
    const blob = await fetch(`${url}/v2/library/nginx/blobs/sha256:${hexOf(LAYER)}`, { method: 'HEAD' });
    expect([blob.headers.get('content-length'), await blob.text()]).toEqual([String(LAYER.length), '']);
  });

  test.each([
    ['an image that is not there', 'library/redis/manifests/latest'],
    ['a file that no image names', `library/nginx/blobs/sha256:${hexOf('not named')}`],
  ])('%s is not found, in the registry’s own words', async (_, where) => {
    const answer = await fetch(`${url}/v2/${where}`);
    expect([answer.status, await answer.json()]).toEqual([
      404,
      { errors: [expect.objectContaining({ code: expect.any(String) })] },
    ]);
  });

  test('what is not there yet when it starts is there when it is asked', async () => {
    const later = path.join(folder, 'later');
    const late = await openRegistry(later, { host: '127.0.0.1', port: 0 });
    const where = `http://127.0.0.1:${(late.address() as AddressInfo).port}/v2/library/nginx/manifests/latest`;
    const before = (await fetch(where)).status;
    mkdirSync(path.join(later, 'blobs'), { recursive: true });
    for (const text of [LAYER, CONFIG]) writeFileSync(path.join(later, 'blobs', hexOf(text)), text);
    writeFileSync(path.join(later, 'images.json'), JSON.stringify([STAND_IN]));
    expect([before, (await fetch(where)).status]).toEqual([404, 200]);
    late.close();
  });
});
