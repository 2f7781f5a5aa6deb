import { expect, test } from '@jest/globals';
import { engineFault } from '../../helpers/deploy/engine-fault.ts';

/** In the words of Engine 28.5.2+dfsg4-5 on Linux 6.1, there about a file of the grader's. */
const COPY_FAILED = 'Error response from daemon: chmod web/site.conf: via /proc/self/fd/24: no such file or directory';

test('an engine that cannot copy into containers is said to be at fault, and what to use instead', () => {
  expect(engineFault(`[+] Running 1/2\n${COPY_FAILED}\n`, '28.5.2')).toMatch(/Engine 28\.5\.2 .*--engine 26\.1/);
});

test('a file that is not there is the submission’s own affair', () => {
  expect(engineFault('cp: cannot stat site.conf: no such file or directory', '28.5.2')).toBeUndefined();
});
