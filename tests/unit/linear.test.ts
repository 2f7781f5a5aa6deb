/** Work on what a submission says takes eight times as long when it says eight times as much, and not 64 times. */
import { expect, test } from '@jest/globals';
import { plainOutput } from '../../helpers/base/plain-output.ts';
import { readBody } from '../../helpers/machine/policy/body.ts';
import { quoted } from '../../helpers/machine/policy/denial.ts';
import { Middle } from '../../helpers/machine/probe/agent/middle.ts';
import { asMeant } from '../../helpers/submission/as-meant.ts';
import { scriptFacts } from '../../helpers/submission/script.ts';
import { create, decideOn, request } from '../helpers/policy.ts';

const LEAST = 20_000;
const MOST_DOUBLINGS = 5;
/** Work of this many microseconds is long beside a collection of garbage and what else happens once. */
const LONG_ENOUGH_US = 4000;
const TIMES = 8;
/** Eight would be linear, 64 quadratic. */
const MOST = 24;
/** On a machine that does other things besides, one comparison may be wrong. Quadratic work fails in all of them. */
const COMPARISONS = 4;

/** Microseconds of this process's processor for some work; the least of a few tries. */
function cost(work: () => unknown): number {
  const tries = Array.from({ length: 5 }, () => {
    const before = process.cpuUsage();
    work();
    return process.cpuUsage(before).user;
  });
  return Math.min(...tries);
}

function readScript(text: string): unknown {
  return scriptFacts('a.sh', [{ file: 'a.sh', text }]);
}

function inPieces(length: number): string {
  const output = new Middle(20_000);
  for (let i = 0; i < length; i++) output.add('a');
  return output.text();
}

test.each<[string, (length: number) => unknown]>([
  ['a body of many fields', (n) => readBody(`{${Array.from({ length: n }, (_, i) => `"a${i}":1`).join(',')}}`)],
  ['a body of one long text', (n) => readBody(JSON.stringify({ a: '\\"'.repeat(n * 10) }))],
  ['a body of many lists', (n) => readBody(`[${'[],'.repeat(n)}1]`)],
  ['a mount from far below', (n) => decideOn(create({ Binds: [`/home/student${'/a'.repeat(n)}:/x`] }))],
  ['many mounts', (n) => decideOn(create({ Binds: Array.from({ length: n }, () => '/home/student/a:/x') }))],
  ['a long address', (n) => decideOn(request('POST', `/images/${'a/tag'.repeat(n)}`))],
  ['a long question', (n) => decideOn(request('POST', `/build?a=${'%20'.repeat(n)}`))],
  ['an image of a long name', (n) => decideOn(request('POST', `/images/create?fromImage=${'a:'.repeat(n)}`), { foreignImages: false })], // prettier-ignore
  ['a security option', (n) => decideOn(create({ SecurityOpt: [`seccomp${'a:='.repeat(n)}`] }))],
  ['what is quoted', (n) => quoted('\n'.repeat(n * 10))],
  ['output in small pieces', inPieces],
  ['output in one long line', (n) => plainOutput('x'.repeat(n * 10))],
  ['output of nothing but carriage returns', (n) => plainOutput('\r'.repeat(n * 10))],
  ['a script of many commands', (n) => readScript('docker run a;'.repeat(n / 10))],
  ['a script of quotes that stay open', (n) => readScript(`"$('`.repeat(n / 10))],
  ['a script of here-documents', (n) => readScript('<<A\n'.repeat(n / 2))],
  ['a script of a variable in itself', (n) => readScript(`A="${'docker '.repeat(n / 20)}"\n${'$A '.repeat(n / 20)}`)],
  ['a script of scripts', (n) => readScript(`bash -c '${'eval docker;'.repeat(n / 10)}'`)],
  ['a text of another system', (n) => asMeant('a.sh', Buffer.from('\r\n\r'.repeat(n)))],
])('%s', (_what, work) => {
  work(LEAST); // compiled, now
  let least = Infinity;
  for (let i = 0; i < COMPARISONS && least >= MOST; i++) least = Math.min(least, growth(work));
  expect(least).toBeLessThan(MOST);
});

/** How many times as long the work takes when there is `TIMES` as much of it. */
function growth(work: (length: number) => unknown): number {
  let length = LEAST;
  let small = cost(() => work(length));
  for (let i = 0; i < MOST_DOUBLINGS && small < LONG_ENOUGH_US; i++) {
    length *= 2;
    small = cost(() => work(length));
  }
  return cost(() => work(TIMES * length)) / Math.max(small, LONG_ENOUGH_US / 4);
}
