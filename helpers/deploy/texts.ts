/** What a submission's files say, as far as somebody wants to know before it is deployed. */
import { open, readdir } from 'node:fs/promises';
import path from 'node:path';

const TEXT_LIMIT = 65_536;
const FILE_LIMIT = 500;

export interface SubmittedText {
  /** The file's name, without its folder. */
  name: string;
  /** At most 64 KiB of it. */
  text: string;
}

/** The beginnings of a folder's regular files; links are not followed. */
export async function textsIn(folder: string): Promise<SubmittedText[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('node_modules'))
    .slice(0, FILE_LIMIT);
  return Promise.all(
    files.map(async ({ parentPath, name }) => ({ name, text: await startOf(path.join(parentPath, name)) })),
  );
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
