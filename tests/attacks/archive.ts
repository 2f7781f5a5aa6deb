/** Archives as no honest program writes them. */
import { crc32, deflateRawSync } from 'node:zlib';

interface Entry {
  name: string;
  content?: string | Buffer;
  /** Makes it a symbolic link. */
  link?: string;
}

const BLOCK = 512;

/** A tar archive (POSIX ustar) with names and links taken as they are. */
export function packTar(entries: Entry[]): Buffer {
  return Buffer.concat([...entries.map(entryOf), Buffer.alloc(2 * BLOCK)]);
}

export interface ZipEntry {
  /** As bytes, it is in no known character set. */
  name: string | Buffer;
  content: string | Buffer;
  /** On Unix, with what it is: 0o120777 is a link. */
  mode?: number;
  /** The size that is said of the content. */
  says?: number;
  /** It is said to be protected by a password. */
  locked?: boolean;
}

/** A zip archive (PKWARE's APPNOTE 6.3) with whatever it is given. */
export function packZip(entries: ZipEntry[]): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, content, mode = 0, says, locked = false } of entries) {
    const plain = Buffer.from(content);
    const packed = deflateRawSync(plain);
    const bytes = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(locked ? 1 : 0, 2);
    common.writeUInt16LE(8, 4);
    common.writeUInt32LE(crc32(plain), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(says ?? plain.length, 18);
    common.writeUInt16LE(bytes.length, 22);
    const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), common, bytes, packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(mode * 0x10000, 6);
    rest.writeUInt32LE(offset, 10);
    const madeOnUnix = Buffer.from([20, mode === 0 ? 0 : 3]);
    central.push(Buffer.concat([Buffer.from('PK\u0001\u0002'), madeOnUnix, common, rest, bytes]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(entries.length, 4);
  end.writeUInt16LE(entries.length, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...locals, directory, Buffer.from('PK\u0005\u0006'), end]);
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
