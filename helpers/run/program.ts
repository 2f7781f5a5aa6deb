/** A name for the programs that verdicts come from: with other programs, a submission may get other verdicts. */
import path from 'node:path';
import { digestOf } from '../base/digest.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
/** What only reports verdicts is not among it: no lab is graded again for a new page. */
const ROOMS = ['judge', 'survey', 'deploy', 'machine', 'lab', 'submission', 'base'];
const PROGRAM = [...ROOMS.map((room) => `helpers/${room}`), 'specs', 'images'];

/** @returns 12 hexadecimal digits. */
export function programDigest(): Promise<string> {
  return digestOf(PROGRAM.map((folder) => path.join(ROOT, folder)));
}
