/** Archives as no honest program writes them. */

interface Entry {
  name: string;
  content?: string;
  /** Makes it a symbolic link. */
  link?: string;
}

const BLOCK = 512;

/** A tar archive (POSIX ustar) with names and links taken as they are. */
export function packTar(entries: Entry[]): Buffer {
  return Buffer.concat([...entries.map(entryOf), Buffer.alloc(2 * BLOCK)]);
}

function entryOf({ name, content = '', link }: Entry): Buffer {
  const body = Buffer.from(content);
  const padding = Buffer.alloc((BLOCK - (body.length % BLOCK)) % BLOCK);
  return Buffer.concat([headerOf(name, body.length, link), body, padding]);
}

/** @param size Bytes that follow, or are said to. */
export function headerOf(name: string, size: number, link?: string): Buffer {
  const header = Buffer.alloc(BLOCK);
  header.write(name, 0, 100);
  header.write('0000644\0', 100);
  header.write('0000000\0', 108);
  header.write('0000000\0', 116);
  header.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  header.write('00000000000\0', 136);
  header.write('        ', 148);
  header.write(link === undefined ? '0' : '2', 156);
  header.write(link ?? '', 157, 100);
  header.write('ustar\u000000', 257);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return header;
}
