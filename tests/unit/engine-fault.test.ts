import { expect, test } from '@jest/globals';
import type Docker from 'dockerode';
import { engineFault } from '../../helpers/deploy/engine-fault.ts';

/** In the words of Engine 28.5.2+dfsg4-5 on Linux 6.1, there about a file of the grader's. */
const COPY_FAILED = 'Error response from daemon: chmod web/site.conf: via /proc/self/fd/24: no such file or directory';
const OUTPUT = `[+] Running 1/2\n${COPY_FAILED}\n`;

function engineOn(KernelVersion: string): Docker {
  return { version: () => Promise.resolve({ Version: '28.5.2', KernelVersion }) } as unknown as Docker;
}

test.each(['6.1.0-40-amd64', '6.5.13', '5.15.0'])(
  'an engine that cannot copy on Linux %s is at fault, and what to use instead is said',
  async (kernel) => {
    expect(await engineFault(OUTPUT, engineOn(kernel))).toMatch(/Engine 28\.5\.2 .*--engine 26\.1/);
  },
);

test.each(['6.6.0', '6.18.44-fc', '7.0.1'])(
  'on Linux %s it can: whoever prints that has made it up',
  async (kernel) => {
    expect(await engineFault(OUTPUT, engineOn(kernel))).toBeUndefined();
  },
);

test('a file that is not there is the submission’s own affair', async () => {
  const output = 'cp: cannot stat site.conf: no such file or directory';
  expect(await engineFault(output, engineOn('6.1.0'))).toBeUndefined();
});
