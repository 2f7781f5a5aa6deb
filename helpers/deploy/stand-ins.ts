/**
 * Offline, one stand-in serves every tag of an official image: a submission that says `mongo:7` or `nginx:alpine`
 * must not fail because a registry is out of reach. With official images nothing is done here.
 */
import { open, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { LabHost } from '../lab-host/lab-host.ts';

/** The stand-ins by repository, each under the tag it is built as. */
export const STAND_INS = {
  nginx: 'nginx:latest',
  python: 'python:3.8.12-slim-buster',
  mongo: 'mongo:latest',
  busybox: 'busybox:latest',
  alpine: 'alpine:latest',
} as const;

const REFERENCE = /(?<![\w./-])(?:docker\.io\/)?(?:library\/)?(nginx|python|mongo|busybox|alpine):([\w][\w.-]{0,127})/g;
const TEXT_LIMIT = 65_536;
const FILE_LIMIT = 500;

/** Gives the stand-ins the tags that the submission's files mention; `latest` is there already. */
export async function provideStandIns(host: LabHost, folder: string): Promise<void> {
  // On a machine that is not ours alone, no image gets another name.
  if (host.engine.images !== 'stand-ins' || host.gate !== undefined) return;
  const there: string[] = Object.values(STAND_INS);
  const mentioned = new Set((await textsIn(folder)).flatMap(referencesIn));
  await Promise.all(
    [...mentioned]
      .filter((reference) => !there.includes(reference) && !reference.endsWith(':latest'))
      .map(async (reference) => {
        const [repository, tag] = reference.split(':') as [keyof typeof STAND_INS, string];
        await host.docker.getImage(STAND_INS[repository]).tag({ repo: repository, tag });
      }),
  );
}

/** Image references `repository:tag` of the stand-ins' repositories in a text. */
export function referencesIn(text: string): string[] {
  return [...text.matchAll(REFERENCE)].map(([, repository, tag]) => `${repository}:${tag}`);
}

async function textsIn(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
    .slice(0, FILE_LIMIT);
  return Promise.all(files.map((entry) => startOf(path.join(entry.parentPath, entry.name))));
}

async function startOf(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(TEXT_LIMIT), 0, TEXT_LIMIT, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
