/** Questions about a sandbox: its listeners, its files; and about the agent's own machine. */
import { readFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import type { Listener, SandboxAnswer, TextAnswer } from '../protocol.ts';
import type { Standpoint } from './standpoint.ts';
import { inRoot, readTextFile, TEXT_LIMIT } from './text-file.ts';

/** TCP_LISTEN in the kernel's include/net/tcp_states.h. */
const LISTENING = '0A';
const FILE_LIMIT = 16_384;

/**
 * Reads a sandbox.
 *
 * @param root The place's root directory as the agent sees it (`/proc/PID/root`), or '' for the agent's own.
 */
export function readSandbox(from: Standpoint, root: string): SandboxAnswer {
  return {
    listeners: from.within(allListeners),
    resolvConf: readText(inRoot(root, '/etc/resolv.conf')),
    hosts: readText(inRoot(root, '/etc/hosts')),
    hostname: readText(inRoot(root, '/etc/hostname')).trim(),
  };
}

export function allListeners(): Listener[] {
  return [...listeners('/proc/thread-self/net/tcp'), ...listeners('/proc/thread-self/net/tcp6')];
}

/** Where TCP is listened, from the thread's net/tcp or tcp6: its namespace's, without a tool of the image. */
function listeners(table: string): Listener[] {
  return readText(table, Number.MAX_SAFE_INTEGER)
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[3] === LISTENING)
    .map((columns) => {
      const [address = '', port = ''] = (columns[1] ?? '').split(':');
      return { address: addressOf(address), port: Number.parseInt(port, 16), socket: Number(columns[9]) };
    });
}

/** The kernel prints addresses as 32-bit words in host byte order (little-endian here). */
export function addressOf(hex: string): string {
  const words = hex.match(/.{8}/g) ?? [];
  const bytes = words.flatMap((word) => (word.match(/../g) ?? []).reverse().map((byte) => Number.parseInt(byte, 16)));
  if (bytes.length === 4) return bytes.join('.');
  if (bytes.every((byte) => byte === 0)) return '::';
  if (bytes.slice(0, 15).every((byte) => byte === 0) && bytes[15] === 1) return '::1';
  const mapped = bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255;
  if (mapped) return bytes.slice(12).join('.');
  const groups = Array.from({ length: 8 }, (_, i) =>
    ((bytes[2 * i] ?? 0) * 256 + (bytes[2 * i + 1] ?? 0)).toString(16),
  );
  return groups.join(':');
}

/** An image without the file is a fact about the image, not a fault of the probe. */
function readText(path: string, limit: number = FILE_LIMIT): string {
  return readTextFile(path, limit) ?? '';
}

export function textOf(root: string, path: string): TextAnswer {
  const text = readTextFile(inRoot(root, path), TEXT_LIMIT);
  return text === undefined ? {} : { text };
}

/** A random number that the kernel draws at each boot (random(4)). */
export function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}

export function addresses(): string[] {
  return Object.values(os.networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter((each) => !each.internal && !each.address.startsWith('fe80:'))
    .map((each) => each.address);
}

/** Accepts connections on a free port of every address, for as long as the agent lives. */
export function listen(): Promise<{ port: number }> {
  return new Promise((resolve, reject) => {
    const server = net.createServer((socket) => socket.end());
    server.once('error', reject);
    server.listen(0, '0.0.0.0', () => {
      resolve({ port: (server.address() as net.AddressInfo).port });
    });
  });
}
