/** Makes a zip of texts. The library is loaded only when it is used. */
import { buffer } from 'node:stream/consumers';

/** A fixed time: the same reports make the same file. */
const WHEN = new Date('2000-01-01T00:00:00Z');

/** @param files Each with its path in the zip. */
export async function zipOf(files: ReadonlyMap<string, string | Buffer>): Promise<Buffer> {
  const { default: archiver } = await import('archiver');
  const zip = archiver('zip', { zlib: { level: 9 } });
  for (const [name, content] of files) zip.append(content, { name, date: WHEN });
  const [content] = await Promise.all([buffer(zip), zip.finalize()]);
  return content;
}
