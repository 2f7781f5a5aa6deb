/**
 * Loaded before a program (`node --import`): its clock jumps by NETGRADE_TEST_JUMP_MS when the file NETGRADE_TEST_JUMP_AT
 * comes into being. What runs by performance.now() or a timer does not notice, as on a machine whose clock is set.
 */
import { existsSync } from 'node:fs';

const { NETGRADE_TEST_JUMP_MS: ms = '0', NETGRADE_TEST_JUMP_AT: file = '' } = process.env;
const clock = Date.now.bind(Date);

function now(): number {
  return clock() + (existsSync(file) ? Number(ms) : 0);
}

globalThis.Date = new Proxy(Date, {
  construct: (date, args: unknown[]) => (args.length === 0 ? new date(now()) : (Reflect.construct(date, args) as Date)),
  get: (date, name) => (name === 'now' ? now : (Reflect.get(date, name) as unknown)),
});
