/** What is used here of archiver, which comes without types. */
declare module 'archiver' {
  import type { Readable } from 'node:stream';

  interface Archive extends Readable {
    append(content: string | Buffer, entry: { name: string; date: Date }): this;
    finalize(): Promise<void>;
  }
  export default function archiver(format: 'zip', options: { zlib: { level: number } }): Archive;
}
