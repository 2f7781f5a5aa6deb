/** The texts of a submission's files, for those who need to know something before it is deployed. */
import path from 'node:path';
import { readPlainFile } from '../base/plain-file.ts';
import { contentsOf } from '../submission/contents.ts';

/** Bytes. A Compose file or a script has a few kilobytes; longer files are not read. */
const TEXT_LIMIT = 65_536;
const FILE_LIMIT = 500;

export interface SubmittedText {
  /** The file's name, without its folder. */
  name: string;
  text: string;
}

/** @throws when something in the folder cannot be read. */
export async function textsIn(folder: string): Promise<SubmittedText[]> {
  const { entries } = await contentsOf(folder);
  const files = entries.filter(({ kind }) => kind === 'file').slice(0, FILE_LIMIT);
  const texts = files.map(async ({ name }) => {
    const content = await readPlainFile(path.join(folder, name), TEXT_LIMIT);
    return typeof content === 'string' ? [] : [{ name: path.posix.basename(name), text: content.toString('utf8') }];
  });
  return (await Promise.all(texts)).flat();
}
