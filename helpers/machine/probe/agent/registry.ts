/**
 * The lab host's registry: serves the course's images to the engine, which asks it before Docker Hub. So they can be pulled
 * where there is no network, and had again after `docker system prune --all`. It speaks what pulling takes of the protocol
 * (the OCI distribution specification 1.1, "Pull"), for reading only, and has nothing but what keep-images.sh has put into its folder.
 */
import { createHash } from 'node:crypto';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import http from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { repositoryOf } from '../../../base/docker/image-name.ts';

/** On the lab host; see images/lab-host/keep-images.sh and boot.sh. */
export const REGISTRY_FOLDER = '/var/lib/docker/registry';
/** A port below 1024, so that no script takes it. An engine takes a registry on loopback without TLS. */
const ADDRESS = { host: '127.0.0.1', port: 619 };
export const REGISTRY_URL = `http://${ADDRESS.host}:${ADDRESS.port}`;

const MANIFEST_TYPE = 'application/vnd.docker.distribution.manifest.v2+json';
const CONFIG_TYPE = 'application/vnd.docker.container.image.v1+json';
/** Layers lie there as they are when they are unpacked: that is faster, and their names are known without reading them. */
const LAYER_TYPE = 'application/vnd.docker.image.rootfs.diff.tar';
/** An engine opens a few connections for each image. */
const MOST_CONNECTIONS = 64;
const REQUEST_MS = 60_000;

/** An image as images.json names it: digests are 64 hexadecimal digits. */
export interface KeptImage {
  /** With tags, e.g. `nginx:latest`. */
  names: string[];
  config: string;
  layers: string[];
  /** Made offline from Debian's packages: it answers for every tag of its repository. */
  standIn: boolean;
}

interface Manifest {
  text: string;
  digest: string;
}

/** What the registry has, ready to be served. */
export class Shelf {
  readonly #images: { kept: KeptImage; manifest: Manifest }[];
  /** Sizes in bytes, by digest. Only what is named here is served. */
  readonly #blobs: Map<string, number>;

  /** @param sizeOf Bytes of a blob, by its hexadecimal digest. */
  constructor(images: KeptImage[], sizeOf: (hex: string) => number) {
    this.#blobs = new Map(
      images.flatMap(({ config, layers }) => [config, ...layers]).map((hex) => [`sha256:${hex}`, sizeOf(hex)]),
    );
    this.#images = images.map((kept) => ({ kept, manifest: this.#manifestOf(kept) }));
  }

  /** @param repository As Docker Hub's path has it, e.g. `library/nginx`. @param reference A tag or a digest. */
  manifest(repository: string, reference: string): Manifest | undefined {
    const name = repositoryOf(repository);
    const of = this.#images.filter(({ kept }) => kept.names.some((each) => repositoryOf(each) === name));
    const wanted =
      of.find(({ kept }) => kept.names.includes(`${name}:${reference}`)) ??
      of.find(({ manifest }) => manifest.digest === reference) ??
      of.find(({ kept }) => kept.standIn && !reference.startsWith('sha256:'));
    return wanted?.manifest;
  }

  /** @returns bytes; undefined when there is no such blob. */
  sizeOf(digest: string): number | undefined {
    return this.#blobs.get(digest);
  }

  #manifestOf({ config, layers }: KeptImage): Manifest {
    const described = (mediaType: string, hex: string): object => {
      const digest = `sha256:${hex}`;
      return { mediaType, size: this.#blobs.get(digest), digest };
    };
    const text = JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST_TYPE,
      config: described(CONFIG_TYPE, config),
      layers: layers.map((layer) => described(LAYER_TYPE, layer)),
    });
    return { text, digest: `sha256:${createHash('sha256').update(text).digest('hex')}` };
  }
}

/** What a request asks for. Whatever else there may be is not there. */
export function asked(
  method: string | undefined,
  url: string,
):
  | { what: 'version' }
  | { what: 'manifest'; repository: string; reference: string }
  | { what: 'blob'; digest: string }
  | undefined {
  if (method !== 'GET' && method !== 'HEAD') return undefined;
  const { 0: where = '' } = url.split('?');
  if (/^\/v2\/?$/.test(where)) return { what: 'version' };
  const manifest = /^\/v2\/([a-z0-9._/-]{1,200})\/manifests\/([\w.:-]{1,140})$/.exec(where);
  if (manifest !== null) return { what: 'manifest', repository: manifest[1] ?? '', reference: manifest[2] ?? '' };
  const blob = /^\/v2\/[a-z0-9._/-]{1,200}\/blobs\/(sha256:[0-9a-f]{64})$/.exec(where);
  return blob === null ? undefined : { what: 'blob', digest: blob[1] ?? '' };
}

/**
 * Starts it, on loopback of this machine. What it has is read when it is first asked: the engine asks, and the lab host is ready
 * then, but not yet when its agent starts.
 *
 * @param folder With the lab host's root directory before it. Where there is none, the registry has nothing.
 * @returns the server when it listens.
 */
export async function openRegistry(folder: string, address = ADDRESS): Promise<http.Server> {
  let shelf: Shelf | undefined;
  const server = http.createServer({ requestTimeout: REQUEST_MS }, (request, response) => {
    serve((shelf ??= shelfIn(folder)), folder, request, response).catch(() => response.destroy()); // whoever asked has hung up
  });
  server.maxConnections = MOST_CONNECTIONS;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(address, resolve);
  });
  return server;
}

function shelfIn(folder: string): Shelf | undefined {
  let text: string;
  try {
    text = readFileSync(path.join(folder, 'images.json'), 'utf8');
  } catch {
    return undefined; // there is none, or not yet
  }
  return new Shelf(JSON.parse(text) as KeptImage[], (hex) => statSync(blobIn(folder, hex)).size);
}

function blobIn(folder: string, hex: string): string {
  return path.join(folder, 'blobs', hex);
}

async function serve(
  shelf: Shelf | undefined,
  folder: string,
  { method, url = '' }: http.IncomingMessage,
  response: http.ServerResponse,
): Promise<void> {
  const wanted = asked(method, url);
  response.setHeader('Docker-Distribution-API-Version', 'registry/2.0');
  if (wanted?.what === 'version') {
    response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
    return;
  }
  if (wanted?.what === 'manifest') {
    const manifest = shelf?.manifest(wanted.repository, wanted.reference);
    if (manifest === undefined) {
      refuse(response, 'MANIFEST_UNKNOWN');
      return;
    }
    const headers = { 'Content-Type': MANIFEST_TYPE, 'Docker-Content-Digest': manifest.digest };
    response.writeHead(200, { ...headers, 'Content-Length': Buffer.byteLength(manifest.text) }).end(manifest.text);
    return;
  }
  const size = wanted === undefined ? undefined : shelf?.sizeOf(wanted.digest);
  if (wanted === undefined || size === undefined) {
    refuse(response, 'BLOB_UNKNOWN');
    return;
  }
  const headers = { 'Content-Type': 'application/octet-stream', 'Docker-Content-Digest': wanted.digest };
  response.writeHead(200, { ...headers, 'Content-Length': size });
  if (method === 'HEAD') response.end();
  else await pipeline(createReadStream(blobIn(folder, wanted.digest.replace('sha256:', ''))), response);
}

function refuse(response: http.ServerResponse, code: string): void {
  const message = 'the registry of a lab host has the course’s images only';
  response.writeHead(404, { 'Content-Type': 'application/json' }).end(JSON.stringify({ errors: [{ code, message }] }));
}
