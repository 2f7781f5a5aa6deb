/**
 * Serves the live page of self-test. Run as a program, for tests (Jest cannot load what bundles the page's script): it prints the
 * page's address, shows each state that it reads, a line of JSON, and ends when it reads `end`.
 */
import { createInterface } from 'node:readline';
import { LivePage } from '../../helpers/run/watch/live/live-page.ts';
import { unseen, type WatchState } from '../../helpers/run/watch/state.ts';

const page = new LivePage(unseen([], 'Docker on this machine'));
for await (const line of createInterface(process.stdin)) {
  if (line === 'end') break;
  page.show(JSON.parse(line) as WatchState);
  console.log(await page.open());
}
page.end('You have left self-test.');
setImmediate(() => process.exit());
