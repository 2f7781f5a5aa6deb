/**
 * What a submission is on a lab host: its files, those of its archive among them, with texts as they are meant. Nothing is kept
 * in memory beyond one file, and nothing is unpacked on this machine.
 */
import { createReadStream } from 'node:fs';
import { lstat, readlink } from 'node:fs/promises';
import path from 'node:path';
import type { Readable } from 'node:stream';
import { InfrastructureError } from '../base/failure.ts';
import { readPlainFile } from '../base/plain-file.ts';
import { membersOf, type ArchiveSource } from './archive/archive.ts';
import { asMeant, MOST_MEANT } from './as-meant.ts';
import { PERMISSIONS, type Contents, type Entry } from './contents.ts';

/** Dockerfiles may name the program that reads them: https://docs.docker.com/reference/dockerfile/#syntax */
const SYNTAX = /^#[ \t]*syntax[ \t]*=[ \t]*(?:docker\.io\/)?docker\/dockerfile(?:-upstream)?(?:[:@]\S*)?[ \t]*$/i;
const DIRECTIVE = /^#[ \t]*[a-z]+[ \t]*=/i;

/** A folder, file or link as it is copied. */
export interface Item {
  kind: Entry['kind'];
  /** Relative to the lab's folder, with slashes. */
  name: string;
  mode: number;
  mtime?: Date;
  /** Of a link. */
  target?: string;
  /** Of a file; a large one comes as a stream, with its size. */
  content?: Buffer | { size: number; stream: () => Readable };
}

export interface Reading {
  /**
   * Leaves out lines that make a build fetch its program from a registry (`# syntax=docker/dockerfile:1`): for machines that
   * reach none. The engine's own program reads the same Dockerfiles.
   */
  withoutSyntax?: boolean;
  /** Whoever runs it may change it, as at home: platforms hand out files that nobody may write. */
  changeable?: boolean;
}

/** @returns folders before what is in them. @throws when a file of it cannot be read any more. */
export async function* itemsOf(contents: Contents, reading: Reading = {}): AsyncGenerator<Item> {
  const { folder, entries, archives = [] } = contents;
  const isMeant = contents.asMeant === true;
  for (const entry of entries)
    if (entry.kind === 'folder' && entry.isUnpacked === true)
      yield { kind: 'folder', name: entry.name, mode: entry.mode ?? 0o755 };
    else if (entry.isUnpacked !== true) yield* itemOf(folder, entry, isMeant, reading);
  if (archives.length > 0) yield* unpackedItems(contents, reading);
}

async function* itemOf(folder: string, entry: Entry, isMeant: boolean, reading: Reading): AsyncGenerator<Item> {
  const { name } = entry;
  const file = path.join(folder, entry.there ?? name);
  const stat = await lstat(file);
  const common = { name, mode: stat.mode & PERMISSIONS, mtime: stat.mtime };
  if (stat.isDirectory()) yield { kind: 'folder', ...common };
  else if (stat.isSymbolicLink()) yield { kind: 'link', ...common, target: await readlink(file) };
  else if (stat.isFile()) {
    const content = isMeant && stat.size <= MOST_MEANT ? await readPlainFile(file, MOST_MEANT) : undefined;
    if (Buffer.isBuffer(content)) yield { kind: 'file', ...common, content: meantContent(name, content, reading) };
    else {
      const stream = (): Readable => createReadStream(file);
      yield { kind: 'file', ...common, content: { size: stat.size, stream } };
    }
  }
}

async function* unpackedItems(contents: Contents, reading: Reading): AsyncGenerator<Item> {
  const { folder, archives = [], asMeant: isMeant = false } = contents;
  const [{ file, there = file } = { file: '' }] = archives;
  let source: ArchiveSource = { file: path.join(folder, there) };
  for (const [i, { into, only }] of archives.entries()) {
    const next = archives[i + 1]?.file;
    let inner: Buffer | undefined;
    for await (const { kind, name: own, mode, content } of membersOf(source, only)) {
      const name = path.posix.join(into, own);
      if (name === next) inner = content;
      else if (kind === 'file')
        yield { kind, name, mode, content: isMeant ? meantContent(name, content, reading) : content };
    }
    if (next === undefined) return;
    if (inner === undefined) throw new InfrastructureError(`${next} changed while it was read`);
    source = { content: inner };
  }
}

/** A text is copied as it is meant. */
function meantContent(name: string, literal: Buffer, reading: Reading): Buffer {
  const { content } = asMeant(name, literal);
  return reading.withoutSyntax === true ? withoutSyntax(content) : content;
}

/**
 * Drops the line of a Dockerfile that names the program to read it. The other lines keep their numbers: a bare comment ends the
 * directives instead, after those that are left.
 */
export function withoutSyntax(content: Buffer): Buffer {
  if (content[0] !== '#'.charCodeAt(0)) return content;
  const lines = content.toString('latin1').split('\n');
  const first = lines.findIndex((line) => !DIRECTIVE.test(line));
  const count = first < 0 ? lines.length : first;
  const kept = lines.slice(0, count).filter((line) => !SYNTAX.test(line));
  if (kept.length === count) return content;
  const ends = Array.from({ length: count - kept.length }, () => '#');
  return Buffer.from([...kept, ...ends, ...lines.slice(count)].join('\n'), 'latin1');
}
