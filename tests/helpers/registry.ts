/**
 * A registry of one image, as a mirror of Docker Hub, on the bridge of the lab hosts: just enough of the registry's API
 * (version 2). It notes what it is asked, can be slow, and can go wrong in the ways of registries.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import tar from 'tar-stream';
import { docker } from './engine.ts';

const NETWORK = 'netgrade-lab-hosts';

/** Machine code of a program that waits for signals, for ever: pause() in a loop (Linux; arm64 has ppoll() for it). */
const PROGRAMS: Record<string, { machine: number; docker: string; code: number[] }> = {
  x64: { machine: 0x3e, docker: 'amd64', code: [0xb8, 0x22, 0, 0, 0, 0x0f, 0x05, 0xeb, 0xf7] },
  arm64: {
    machine: 0xb7,
    docker: 'arm64',
    // movz x0..x4, 0; movz x8, 73; svc 0; b -28
    code: [0xd2800000, 0xd2800001, 0xd2800002, 0xd2800003, 0xd2800004, 0xd2800928, 0xd4000001, 0x17fffff9].flatMap(
      (word) => [word & 0xff, (word >>> 8) & 0xff, (word >>> 16) & 0xff, word >>> 24],
    ),
  },
};

export interface TestRegistry extends AsyncDisposable {
  /** For --registry-mirror. */
  url: string;
  /** Method and path of each request, in order, except for those that only ask whether it is a registry. */
  asked: string[];
}

export interface RegistryManners {
  /** Where it listens; on the bridge of the lab hosts if nothing is said. */
  address?: string;
  /** So long the image's layer takes to come. */
  holdMs?: number;
  /** It says that it is a registry, and nothing more, ever. */
  mute?: boolean;
  /** The image has these names, too; what goes wrong with each, until it is taken out of here. */
  broken?: Map<string, Misconduct>;
}

/** How a registry goes wrong: about an image's manifest, or while it sends the image's layer. */
export type Misconduct = 'hangs' | 'limits' | 'is-away' | 'resets' | 'half-sends' | 'sends-something-else';

/** @returns false when it answers as it should. */
function misbehaves(how: Misconduct | undefined, { body, type }: Content, response: http.ServerResponse): boolean {
  const isLayer = type === LAYER;
  if (how === 'hangs') return true;
  if (how === 'resets') response.socket?.resetAndDestroy();
  else if (how === 'limits' || how === 'is-away') {
    const [status, code] = how === 'limits' ? [429, 'TOOMANYREQUESTS'] : [503, 'UNAVAILABLE'];
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(JSON.stringify({ errors: [{ code, message: 'come back later' }] }));
  } else if (how === 'half-sends' && isLayer) {
    response.writeHead(200, { 'Content-Type': type, 'Content-Length': body.length });
    response.write(body.subarray(0, body.length / 2), () => response.destroy());
  } else if (how === 'sends-something-else' && isLayer) {
    response.writeHead(200, { 'Content-Type': type, 'Content-Length': body.length });
    response.end(Buffer.alloc(body.length, 'x'));
  } else return false;
  return true;
}

/** @param repository The image's name on Docker Hub, without `library/`; its tag is `1`. */
export async function startRegistry(
  repository: string,
  { address: wanted, holdMs = 0, mute = false, broken = new Map() }: RegistryManners = {},
): Promise<TestRegistry> {
  const image = await tinyImage();
  const names = [repository, ...broken.keys()];
  const asked: string[] = [];
  const server = http.createServer((request, response) => {
    const { method = '', url = '' } = request;
    if (url === '/v2/') {
      response.end('{}');
      return;
    }
    asked.push(`${method} ${url}`);
    if (mute) return;
    const name = names.find((each) => url.startsWith(`/v2/library/${each}/`)) ?? repository;
    const content = image.at(url, `/v2/library/${name}`);
    if (content === undefined) {
      response.writeHead(404, { 'Content-Type': 'application/json' });
      response.end(JSON.stringify({ errors: [{ code: 'MANIFEST_UNKNOWN', message: 'manifest unknown' }] }));
      return;
    }
    if (misbehaves(broken.get(name), content, response)) return;
    const { body, type } = content;
    const answer = (): void => {
      response.writeHead(200, {
        'Content-Type': type,
        'Content-Length': body.length,
        'Docker-Content-Digest': digestOf(body),
      });
      response.end(method === 'HEAD' ? undefined : body);
    };
    if (type === LAYER) setTimeout(answer, holdMs);
    else answer();
  });
  server.listen(0, wanted ?? (await bridgeAddress()));
  await once(server, 'listening');
  const { address, port } = server.address() as AddressInfo;
  return {
    url: `http://${address}:${port}`,
    asked,
    [Symbol.asyncDispose]: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

const MANIFEST = 'application/vnd.docker.distribution.manifest.v2+json';
const CONFIG = 'application/vnd.docker.container.image.v1+json';
const LAYER = 'application/vnd.docker.image.rootfs.diff.tar.gzip';

interface Content {
  body: Buffer;
  type: string;
}

interface TinyImage {
  at(url: string, repository: string): Content | undefined;
}

async function tinyImage(): Promise<TinyImage> {
  const { docker: architecture, machine, code } = PROGRAMS[process.arch] ?? {};
  if (architecture === undefined || machine === undefined || code === undefined)
    throw new Error(`no program for ${process.arch}`);
  const { gzipSync } = await import('node:zlib');
  const plain = await archiveOf('wait', program(machine, code));
  const layer = gzipSync(plain);
  const config = Buffer.from(
    JSON.stringify({
      architecture,
      os: 'linux',
      config: { Cmd: ['/wait'] },
      rootfs: { type: 'layers', diff_ids: [digestOf(plain)] },
    }),
  );
  const described = (body: Buffer, mediaType: string): object => ({
    mediaType,
    size: body.length,
    digest: digestOf(body),
  });
  const manifest = Buffer.from(
    JSON.stringify({
      schemaVersion: 2,
      mediaType: MANIFEST,
      config: described(config, CONFIG),
      layers: [described(layer, LAYER)],
    }),
  );
  return {
    at: (url, repository) => {
      const path = url.replace(/\?.*/, ''); // mirrors are told whose image it is
      if ([`${repository}/manifests/1`, `${repository}/manifests/${digestOf(manifest)}`].includes(path))
        return { body: manifest, type: MANIFEST };
      if (path === `${repository}/blobs/${digestOf(config)}`) return { body: config, type: CONFIG };
      return path === `${repository}/blobs/${digestOf(layer)}` ? { body: layer, type: LAYER } : undefined;
    },
  };
}

/** An ELF file of one segment that is loaded and run (elf(5)). */
function program(machine: number, code: number[]): Buffer {
  const base = 0x400000;
  const header = Buffer.alloc(120);
  header.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  header.writeUInt16LE(2, 16);
  header.writeUInt16LE(machine, 18);
  header.writeUInt32LE(1, 20);
  header.writeBigUInt64LE(BigInt(base + 120), 24);
  header.writeBigUInt64LE(64n, 32);
  header.writeUInt16LE(64, 52);
  header.writeUInt16LE(56, 54);
  header.writeUInt16LE(1, 56);
  header.writeUInt32LE(1, 64);
  header.writeUInt32LE(5, 68);
  header.writeBigUInt64LE(BigInt(base), 80);
  header.writeBigUInt64LE(BigInt(base), 88);
  header.writeBigUInt64LE(BigInt(120 + code.length), 96);
  header.writeBigUInt64LE(BigInt(120 + code.length), 104);
  header.writeBigUInt64LE(0x1000n, 112);
  return Buffer.concat([header, Buffer.from(code)]);
}

async function archiveOf(name: string, content: Buffer): Promise<Buffer> {
  const pack = tar.pack();
  pack.entry({ name, mode: 0o755 }, content);
  pack.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of pack) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function digestOf(content: Buffer): string {
  return `sha256:${createHash('sha256').update(content).digest('hex')}`;
}

/** This machine's address on the network of the lab hosts. */
async function bridgeAddress(): Promise<string> {
  const { IPAM } = (await docker.getNetwork(NETWORK).inspect()) as { IPAM: { Config: { Gateway: string }[] } };
  const gateway = IPAM.Config[0]?.Gateway;
  if (gateway === undefined) throw new Error(`the network ${NETWORK} has no gateway`);
  return gateway;
}
