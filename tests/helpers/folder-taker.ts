/**
 * Takes a reports folder, in a process of its own: `node folder-taker.ts FOLDER`. It says `taken` when it has it, and gives
 * it back when its standard input ends.
 */
import { once } from 'node:events';
import { takeFolder } from '../../helpers/report/folder-lock.ts';

await using held = await takeFolder(process.argv[2]!, 'a test');
console.log('taken');
process.stdin.resume();
await once(process.stdin, 'end');
